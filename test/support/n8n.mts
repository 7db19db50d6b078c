import 'reflect-metadata';
import * as n8nCore from 'n8n-core';
import {
	CredentialTestContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	PackageDirectoryLoader,
	WorkflowExecute,
} from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type NodeConnectionType,
	type IRun,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { resolve } from 'node:path';
import { inspect } from 'node:util';

/** What is known of an environment's quota lives as long as the process: each test has its own. */
let environments = 0;
export let ENVIRONMENT = 'https://customer.ultimo.net';
beforeEach(() => {
	ENVIRONMENT = `https://customer${++environments}.ultimo.net`;
});

/**
 * Whether the engine is not that of n8n 1.x. There a tool calls the node once, whatever Retry On Fail
 * says, and has words of n8n's own in the place of a message with a network's code; and a workflow
 * with an issue fails without naming the field.
 */
export const IS_N8N_2 = 'loadOutputSchema' in n8nCore;

export const API_KEY = 'k3y-of-the-tests';
const OURS = 'n8n-nodes-ultimo.ultimoReservation';

/** The built package, loaded as n8n loads it: from package.json. */
export async function loadPackage(): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(resolve('.'));
	await loader.loadAll();
	return loader;
}

export interface Setup {
	/** One item each, what the trigger gives to the node. */
	items?: IDataObject[];
	parameters?: IDataObject;
	/** Settings of the node: onError, retryOnFail, ... */
	node?: Partial<INode>;
	credential?: ICredentialDataDecryptedObject;
	mode?: WorkflowExecuteMode;
	/** Another node with our credential in place of ours, such as n8n's HTTP Request. */
	otherNode?: INodeType['execute'];
	/** Makes the node a tool of an agent, which does this with it. */
	agent?(tool: AgentTool): Promise<unknown>;
	/** How often the node runs, each time with the same items. */
	loops?: number;
	/** What an earlier execution left, for mode `retry`. */
	runExecutionData?: IRunExecutionData;
	/** Called with the run once it has started; `stop()` is what the editor's Stop button does. */
	started?(run: { stop(): void }): void;
	/** The workflow's own; n8n has none of it when it fills a list. */
	settings?: IWorkflowSettings;
}

/** A LangChain tool, as n8n makes it from a node. */
export interface AgentTool {
	name: string;
	description: string;
	schema: { parse(input: unknown): unknown; shape: Record<string, { description?: string }> };
	invoke(input: IDataObject): Promise<string>;
}

export interface Result {
	run: IRun;
	/** Items of the regular output, or of the outputs one by one. */
	items: INodeExecutionData[];
	outputs: INodeExecutionData[][];
	/** The data of `items`. */
	json: IDataObject[];
	/** The error that stopped the workflow. */
	error?: Error & { description?: string; context: IDataObject; httpCode?: string };
	/** What the editor was sent to show while the node ran. */
	messages: unknown[];
	/** How often the credential was read and decrypted. */
	credentialReads: number;
}

/** A workflow of a trigger and our node, and what n8n-core's contexts and engine need to run it. */
async function prepare(setup: Setup) {
	const loader = await loadPackage();
	const ours = loader.getNode('ultimoReservation').type as INodeType;
	const credentialType = loader.getCredential('ultimoApi').type;
	const helper = credentialsHelper(credentialType, {
		baseUrl: ENVIRONMENT,
		apiKey: API_KEY,
		...setup.credential,
	});
	const types: Record<string, INodeType> = {
		'test.trigger': triggerOf(setup.items ?? [{}]),
		'test.agent': agentOf(setup),
		[OURS]: setup.otherNode ? { description: ours.description, execute: setup.otherNode } : ours,
		[`${OURS}Tool`]: toolOf(ours),
	};
	const workflow = new Workflow({
		id: 'test',
		active: false,
		nodes: [
			node('Trigger', 'test.trigger', {}),
			node('Agent', 'test.agent', {}),
			{
				...node('Ultimo', setup.agent ? `${OURS}Tool` : OURS, setup.parameters ?? {}),
				credentials: { ultimoApi: { id: '1', name: 'Ultimo' } },
				...setup.node,
			},
		],
		connections: {
			Trigger: {
				main: [
					Array.from({ length: setup.loops ?? 1 }, () => ({
						node: setup.agent ? 'Agent' : 'Ultimo',
						type: 'main' as const,
						index: 0,
					})),
				],
			},
			...(setup.agent && { Ultimo: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] } }),
		},
		nodeTypes: nodeTypesOf((type) => types[type]),
		settings: setup.settings ?? { timezone: 'Europe/Amsterdam' },
	});

	const mode = setup.mode ?? 'trigger';
	const messages: unknown[] = [];
	const additionalData = {
		sendDataToUI: (_type: string, data: unknown) => messages.push(data),
		credentialsHelper: helper,
		executionId: '1',
		currentNodeExecutionIndex: 0,
		variables: {},
		hooks: new ExecutionLifecycleHooks(mode, '1', {} as never),
		setExecutionStatus: () => {},
		restApiUrl: 'http://localhost/rest',
		webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		instanceBaseUrl: 'http://localhost',
		webhookBaseUrl: 'http://localhost/webhook',
	} as unknown as IWorkflowExecuteAdditionalData;

	return { workflow, ours, mode, helper, messages, additionalData };
}

/** Runs a trigger and our node by n8n-core's engine. */
export async function runNode(setup: Setup): Promise<Result> {
	const { workflow, mode, helper, messages, additionalData } = await prepare(setup);
	const engine = new WorkflowExecute(additionalData, mode, setup.runExecutionData);
	const startAt = (startNode: INode) => {
		type ByPosition = { run(workflow: Workflow, startNode: INode): ReturnType<typeof engine.run> };
		// n8n 1.x took them one by one.
		if (engine.run.length > 1) return (engine as unknown as ByPosition).run(workflow, startNode);
		return engine.run({ workflow, startNode });
	};
	const running = setup.runExecutionData
		? engine.processRunExecutionData(workflow)
		: startAt(workflow.getNode('Trigger')!);
	setup.started?.({ stop: () => running.cancel() });
	const run = await running;
	const task = run.data.resultData.runData.Ultimo?.at(-1);
	const outputs = (task?.data?.main ?? []).map((items) => items ?? []);
	const [items = []] = outputs;
	return {
		run,
		outputs,
		items,
		json: items.map(({ json }) => json),
		error: run.data.resultData.error as Result['error'],
		messages,
		credentialReads: helper.reads,
	};
}

/** What the editor asks for when a list is opened or searched; without a method that of the field Reservation. */
export async function searchList(
	parameters: INodeParameters,
	filter?: string,
	paginationToken?: string,
	method = 'searchReservations',
	credential?: ICredentialDataDecryptedObject,
): Promise<INodeListSearchResult> {
	const { workflow, ours, additionalData } = await prepare({
		parameters,
		credential,
		settings: {},
	});
	Object.assign(additionalData, { currentNodeParameters: parameters });
	const context = new LoadOptionsContext(workflow, workflow.getNode('Ultimo')!, additionalData, '');
	const search = ours.methods!.listSearch![method];
	return await search.call(context, filter, paginationToken);
}

/** What the editor does when a credential is saved. */
export async function testCredential(
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { ours, additionalData } = await prepare({});
	const [{ testedBy }] = ours.description.credentials!;
	const test = ours.methods!.credentialTest![testedBy as string];
	const context = new CredentialTestContext(additionalData);
	return await test.call(context, { id: '1', name: 'Ultimo', type: 'ultimoApi', data });
}

/** Of a workflow that is made of these. */
export const nodeTypesOf = (typeOf: (type: string) => INodeType): INodeTypes => ({
	getByName: typeOf,
	getByNameAndVersion: typeOf,
	getKnownTypes: () => ({}),
});

export function node(name: string, type: string, parameters: IDataObject): INode {
	return {
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters as never,
	};
}

function nodeType(execute: INodeType['execute'], inputs: NodeConnectionType[]): INodeType {
	const description = { inputs, outputs: ['main'], defaults: {}, properties: [], group: [] };
	return { description: description as never, execute };
}

function triggerOf(items: IDataObject[]): INodeType {
	return nodeType(async () => [items.map((json, item) => ({ json, pairedItem: { item } }))], []);
}

function agentOf({ agent }: Setup): INodeType {
	return nodeType(
		async function () {
			const [tool] = (await this.getInputConnectionData('ai_tool', 0)) as AgentTool[];
			return [[{ json: { answer: (await agent?.(tool)) as never } }]];
		},
		['main', 'ai_tool'],
	);
}

/** What n8n makes of the description of a node that is `usableAsTool` (its tool-generation). */
function toolOf(type: INodeType): INodeType {
	const description = { ...type.description, inputs: [], outputs: ['ai_tool' as const] };
	return Object.assign(Object.create(type) as INodeType, { description });
}

/** n8n's own helper needs its database; this one keeps the credential, and authenticates alike. */
export function credentialsHelper(type: ICredentialType, data: ICredentialDataDecryptedObject) {
	const helper = {
		reads: 0,
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		getCredentialsProperties: () => type.properties,
		getDecrypted: async () => {
			helper.reads++;
			return { ...data };
		},
		authenticate: async (
			credentials: ICredentialDataDecryptedObject,
			_name: string,
			options: IHttpRequestOptions,
		) => {
			if (typeof type.authenticate !== 'function') throw new Error('expected a function');
			return await type.authenticate(credentials, options);
		},
	};
	return helper as typeof helper & ICredentialsHelper;
}

/** Everything that a value holds, errors' causes and hidden properties included. */
export function allOf(value: unknown): string {
	return inspect(value, { depth: 20, showHidden: true, maxStringLength: null });
}
