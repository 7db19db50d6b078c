// n8n logs every error of a node; the tests read the errors themselves.
process.env.N8N_LOG_LEVEL = 'silent';

export default {
	// Ends a test that hangs; how long one takes is no test's business.
	testTimeout: 120_000,
	testMatch: ['<rootDir>/test/**/*.test.{ts,mts}'],
	moduleFileExtensions: ['ts', 'mts', 'js', 'cjs', 'mjs', 'json', 'node'],
	transform: {
		'\\.m?ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
	},
};
