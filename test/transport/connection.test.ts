import { connect, type Caller } from '../../nodes/Ultimo/transport/connection';

const connectTo = async (baseUrl: string, company = '') => {
	const n8n = {
		getNode: () => ({ name: 'Ultimo' }),
		getTimezone: () => 'utc',
		getCredentials: async () => ({ baseUrl, apiKey: 'k', company }),
	};
	return await connect(n8n as unknown as Caller);
};

it('one customer has one gate, however the address is written, and for all companies', async () => {
	const { gate, company } = await connectTo('https://customer.ultimo.net/Acme/api/v1');
	const same = await connectTo('https://api-customer.ultimo.net/acme/api/v1');
	expect(same.gate).toBe(gate);
	expect(same.company).toBe(company);
	const second = await connectTo('https://customer.ultimo.net/acme/api/v1', '02');
	expect(second.gate).toBe(gate);
	expect(second.company).not.toBe(company);
	expect((await connectTo('https://other.ultimo.net/acme/api/v1')).gate).not.toBe(gate);
});
