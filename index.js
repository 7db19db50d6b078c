module.exports = {
	...require('./dist/nodes/Ultimo/UltimoReservation.node.js'),
	...require('./dist/nodes/Ultimo/UltimoReservationTrigger.node.js'),
	...require('./dist/credentials/UltimoApi.credentials.js'),
};
