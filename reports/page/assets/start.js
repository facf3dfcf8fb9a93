/* Brings the page's data to its parts. */

const data = JSON.parse(document.getElementById("data").textContent);
startPlots(data);
startCells(data);
startInstances(data);
document.documentElement.classList.add("scripted");
address.start();
