import 'reflect-metadata';
import { PollContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INodeExecutionData,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { API_KEY, credentialsHelper, ENVIRONMENT, loadPackage, node, nodeTypesOf } from './n8n.mts';
import { fast } from './time.mts';

let workflows = 0;

export interface Published {
	parameters?: IDataObject;
	credential?: ICredentialDataDecryptedObject;
	/** n8n makes the workflow anew for each poll, and keeps nothing of a poll without events. */
	durable?: boolean;
	/** With durable cursors n8n keeps each poll but the first, which it makes at activation. */
	cursors?: boolean;
	/** Milliseconds that n8n gives to a poll; undefined for an n8n that does not say. */
	budgetMs?: number;
	name?: string;
}

/** A published workflow with our trigger, as n8n keeps and polls it. */
export class PublishedTrigger {
	/** What n8n's database holds. */
	saved = '{}';
	credential: ICredentialDataDecryptedObject = {};
	readonly setup: Published;
	private readonly id = `workflow-${++workflows}`;
	private workflow?: Workflow;
	private isFirst = true;

	constructor(setup: Published = {}) {
		this.setup = setup;
	}

	/** n8n was ended, and starts again. */
	restart(): void {
		this.workflow = undefined;
		this.isFirst = true;
	}

	/** What n8n keeps in memory between two polls. */
	get staticData(): IDataObject | undefined {
		const all = this.workflow?.staticData ?? {};
		return all[`node:${this.setup.name ?? 'Trigger'}`] as IDataObject | undefined;
	}

	/** @returns the items' data; null for none, as the node says it */
	async poll(): Promise<IDataObject[] | null> {
		const { poll, context, workflow } = await this.prepare('trigger');
		const given: INodeExecutionData[][] | null = await fast(poll.call(context));
		const { cursors = false } = this.setup;
		if (given !== null || this.isFirst !== cursors)
			this.saved = JSON.stringify(workflow.staticData);
		this.isFirst = false;
		if (this.setup.durable) this.workflow = undefined;
		return given && given[0].map(({ json }) => json);
	}

	/** The editor's Fetch Test Event. */
	async fetchTestEvent(): Promise<IDataObject[]> {
		const { poll, context } = await this.prepare('manual');
		return ((await fast(poll.call(context))) as INodeExecutionData[][])[0].map(({ json }) => json);
	}

	private async prepare(mode: 'trigger' | 'manual') {
		const loader = await loadPackage();
		const type = loader.getNode('ultimoReservationTrigger').type as INodeType;
		const { name = 'Trigger', parameters = {}, budgetMs } = this.setup;
		const polling = {
			...node(name, 'n8n-nodes-ultimo.ultimoReservationTrigger', parameters),
			credentials: { ultimoApi: { id: '1', name: 'Ultimo' } },
		};
		this.workflow ??= new Workflow({
			id: this.id,
			active: true,
			nodes: [polling],
			connections: {},
			nodeTypes: nodeTypesOf(() => type),
			staticData: JSON.parse(this.saved),
			settings: { timezone: 'Europe/Amsterdam' },
		});
		const { workflow } = this;
		const helper = credentialsHelper(loader.getCredential('ultimoApi').type, {
			baseUrl: ENVIRONMENT,
			apiKey: API_KEY,
			...this.setup.credential,
		});
		const additionalData = {
			credentialsHelper: helper,
			executionId: '1',
			variables: {},
			restApiUrl: 'http://localhost/rest',
		} as unknown as IWorkflowExecuteAdditionalData;
		const context = new PollContext(workflow, polling, additionalData, mode, 'activate');
		Object.assign(context, {
			getPollBudgetMs: budgetMs === undefined ? undefined : () => budgetMs,
		});
		return { poll: type.poll!, context, workflow };
	}
}
