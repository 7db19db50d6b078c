import { Own } from '../../nodes/Ultimo/reservations/own';

it('keeps no more of one reservation that is asked for in vain again and again', () => {
	const own = new Own(() => 0);
	const body = (n: number) => ({ SpaceId: 'C-25', StartTime: '', EndTime: '', ExternalId: `${n}` });
	for (let n = 0; n < 3_000; n++) own.begin(body(n), false);
	expect(own.hasTwin(body(0))).toBe(true);
	for (let n = 2_000; n < 3_000; n++) own.end(body(n));
	expect(own.hasTwin(body(0))).toBe(false);
});
