import { codes } from './contract.mts';

/** Ultimo's answer, word for word, about a reservation that can't be changed any more. */
export const inThePast = {
	message: 'Room reservation cannot be modified.\r\nCause: Room reservation is in the past.',
	code: codes.inThePast,
};
