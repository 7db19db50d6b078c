import type { Locator, Page, Response } from 'playwright-core';
import { OWNER } from '../n8n/env.mts';

const CREDENTIAL_TEST = /\/rest\/credentials\/test/;

/** Saved between two changes, the dialog tests a mixture of old and new values. */
function isTestOf(response: Response, fields: Record<string, string>): boolean {
	const { credentials } = response.request().postDataJSON();
	return Object.entries(fields).every(([name, value]) => credentials.data[name] === value);
}

/** n8n's editor in a browser, in a builder's words. Every wait is playwright's own, with its timeout. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/** By n8n's own `data-test-id`. */
	get(id: string): Locator {
		return this.page.locator(`[data-test-id="${id}"]`);
	}

	async logIn(): Promise<void> {
		await this.page.goto(`${this.url}/signin`);
		await this.get('emailOrLdapLoginId').locator('input').fill(OWNER.email);
		await this.get('password').locator('input').fill(OWNER.password);
		await this.get('form-submit-button').click();
		await this.page.waitForURL(/\/home/);
	}

	async open(workflowId: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflowId}`);
		await this.get('canvas-node').first().waitFor();
	}

	/** Opens a new workflow, and the search for its first node. */
	async startNew(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.get('canvas-add-button').first().click();
		await this.get('node-creator-search-bar').waitFor();
	}

	/** Opens the search for the node that follows the last one. */
	async addAfterLast(): Promise<void> {
		await this.get('canvas-handle-plus').last().click();
		await this.get('node-creator-search-bar').waitFor();
	}

	found(name: string): Locator {
		return this.get('item-iterator-item').filter({ hasText: name });
	}

	async search(text: string): Promise<void> {
		await this.get('node-creator-search-bar').fill(text);
	}

	canvasNode(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	async openNode(name: string): Promise<void> {
		await this.canvasNode(name).dblclick();
		await this.get('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.get('ndv-close-button').click();
		await this.get('ndv').waitFor({ state: 'hidden' });
	}

	field(name: string): Locator {
		return this.get(`parameter-input-${name}`).locator('input, textarea').first();
	}

	/** Picks from a dropdown of the editor by the words it shows. */
	async choose(name: string, option: string): Promise<void> {
		await this.field(name).click();
		await this.page.getByRole('option', { name: option }).click();
	}

	async toggle(name: string): Promise<void> {
		await this.get(`parameter-input-${name}`).locator('.el-switch').click();
	}

	/** The input of a field that can be picked or typed. */
	locator(name: string): Locator {
		return this.get(`parameter-input-${name}`)
			.locator('[data-test-id="rlc-input"] input, input[data-test-id="rlc-input"]')
			.first();
	}

	async mode(name: string, mode: string): Promise<void> {
		await this.get(`parameter-input-${name}`).locator('[data-test-id="rlc-mode-selector"]').click();
		await this.get(`mode-${mode}`).filter({ visible: true }).click();
	}

	/** An entry of the list that is open. */
	listed(text: string): Locator {
		return this.get('rlc-item').filter({ hasText: text, visible: true });
	}

	/** n8n tests a credential as soon as it is opened; that answer must not be taken for a later one. */
	async openCredential(): Promise<void> {
		const tested = this.page.waitForResponse(CREDENTIAL_TEST);
		await this.get('credential-edit-button').click();
		await (await tested).finished();
	}

	/**
	 * Saves the credential of the open dialog, which tests it.
	 * @returns what the test complains of; nothing if it passed
	 */
	async saveCredential(fields: Record<string, string>): Promise<string | undefined> {
		const dialog = this.get('editCredential-modal');
		for (const [name, value] of Object.entries(fields)) {
			const field = this.field(name);
			if ((await field.inputValue()) !== value) await field.fill(value);
		}
		// A second change of a field within 200 ms comes late to the dialog. Until the first of them is
		// there, "Saved" stands in the place of the button, and takes clicks in silence.
		const save = this.get('credential-save-button').getByRole('button', {
			name: 'Save',
			exact: true,
		});
		let response: Response;
		do {
			const tested = this.page.waitForResponse(CREDENTIAL_TEST);
			await save.click();
			response = await tested;
		} while (!isTestOf(response, fields));
		const { data } = await response.json();
		if (data.status === 'OK') return undefined;
		const details = dialog.getByText('More details');
		await details.or(dialog.getByText(data.message)).first().waitFor();
		// Once opened, they stay open for the next message.
		if (await details.isVisible()) await details.click();
		await dialog.getByText(data.message).waitFor();
		return data.message;
	}

	async closeCredential(): Promise<void> {
		const dialog = this.get('editCredential-modal');
		await dialog
			.locator('.el-dialog__close')
			.or(this.page.locator('.el-dialog__headerbtn'))
			.last()
			.click();
		await dialog.waitFor({ state: 'hidden' });
	}

	async executeNode(): Promise<void> {
		await this.get('node-execute-button').click();
	}

	async outputAs(view: 'Table' | 'JSON'): Promise<Locator> {
		await this.get('output-panel')
			.locator(`[data-test-id="radio-button-${view.toLowerCase()}"]`)
			.click();
		return this.get('output-panel').locator('[data-test-id="ndv-data-container"]');
	}
}
