import fastify from 'fastify';

/** A tool as n8n's Agent offers it to a model. */
export interface OfferedTool {
	name: string;
	description: string;
	/** JSON schema of the arguments. */
	parameters: { properties: Record<string, { description?: string }> };
}

interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string;
}

/** What the model has before it, beside the question: its tools, and what these have answered so far. */
export interface Situation {
	tools: OfferedTool[];
	answers: string[];
}

/** What it does next. */
export type Turn = { call: string; with: object } | { say: string };

/**
 * A stand-in for a language model with OpenAI's chat completions API: a script in place of thought,
 * which sees what a model would see and no more.
 */
export async function startModel(think: (situation: Situation) => Turn) {
	const situations: Situation[] = [];
	const server = fastify();
	server.post('/v1/chat/completions', async ({ body }) => {
		const { messages, tools = [] } = body as {
			messages: Message[];
			tools?: Array<{ function: OfferedTool }>;
		};
		const of = (role: Message['role']) =>
			messages.filter((one) => one.role === role).map(({ content }) => content);
		const situation: Situation = {
			tools: tools.map((tool) => tool.function),
			answers: of('tool'),
		};
		situations.push(situation);
		const turn = think(situation);
		const said = 'say' in turn;
		const message = said
			? { role: 'assistant', content: turn.say }
			: {
					role: 'assistant',
					content: null,
					tool_calls: [
						{
							id: `call_${situations.length}`,
							type: 'function',
							function: { name: turn.call, arguments: JSON.stringify(turn.with) },
						},
					],
				};
		return {
			id: `answer_${situations.length}`,
			object: 'chat.completion',
			created: 0,
			model: 'script',
			choices: [{ index: 0, message, finish_reason: said ? 'stop' : 'tool_calls' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	});
	const url = await server.listen({ host: '127.0.0.1', port: 0 });
	return {
		url: `${url}/v1`,
		situations,
		stop: async () => await server.close(),
	};
}
