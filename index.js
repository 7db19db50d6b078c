module.exports = {
	...require('./dist/nodes/Ultimo/UltimoReservation.node.js'),
	...require('./dist/credentials/UltimoApi.credentials.js'),
};
