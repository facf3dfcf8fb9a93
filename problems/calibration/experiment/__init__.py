"""The measurement: small denoising diffusion models of handwritten digits, trained, sampled and timed here."""
