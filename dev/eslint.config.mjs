import eslint from '@eslint/js';
import { config as n8n } from '@n8n/node-cli/eslint';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// n8n's own rules see *.ts only; what runs outside of n8n is written in *.mts.
export default defineConfig(n8n, {
	files: ['**/*.mts'],
	extends: [eslint.configs.recommended, tseslint.configs.recommended],
	languageOptions: { parserOptions: { projectService: true } },
	rules: {
		// TypeScript knows them better.
		'no-undef': 'off',
		'@typescript-eslint/no-unused-vars': [
			'error',
			{ varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
		],
		'@typescript-eslint/await-thenable': 'error',
		'@typescript-eslint/no-floating-promises': 'error',
		'@typescript-eslint/no-misused-promises': 'error',
	},
});
