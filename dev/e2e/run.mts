import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readArguments, run, say } from '../cli.mts';
import { credentialFor, type CredentialName } from '../n8n/workflow.mts';
import { CHECKOUT, createPackedN8n } from '../pack.mts';
import { startUltimo } from '../ultimo/server.mts';
import { CREDENTIAL, ZONE, type Bed } from './bed.mts';
import { failureAndErrorBranch, findAndConnect, type Browsing } from './browser.mts';
import { agentBooks } from './agent.mts';
import { calendarSync } from './calendar.mts';
import { examplesOnTheCanvas, fieldsBeforeARun, leaverOnTheCanvas } from './canvas.mts';
import { checkEnvironment } from './checkEnvironment.mts';
import { launchChromium } from './chromium.mts';
import { Editor } from './editor.mts';
import { bookFirstFree, leaverFreesRooms, nightlyCleanup } from './examples.mts';
import { freeRoom } from './freeRoom.mts';
import { runTest, type Step, type Tally } from './steps.mts';
import { triggerThroughKills, type Mortal } from './trigger.mts';
import { triggerInEditor } from './triggerInEditor.mts';
import { noShowRelease, roomCancelled, ultimoToCalendar } from './triggerExamples.mts';

const USAGE = `npm run e2e -- [options]   the packed package in a real n8n: the examples, and the editor in a browser
  --screenshots   write docs/images again (as without CI=true in the environment)`;
const IMAGES = join(CHECKOUT, 'docs', 'images');
/** Of failed steps; git ignores it. */
const EVIDENCE = join(CHECKOUT, '.tmp', 'e2e');
const VIEW = { width: 1440, height: 900 };
const TIMEOUT_MS = 60_000;

/** So that the examples can be run whatever became of the credential made in the browser. */
async function ensureCredential({ rest, ultimo }: Bed) {
	const credentials = await rest.get<Array<{ id: string; name: string }>>('/rest/credentials');
	const made = credentials.find(({ name }) => name === CREDENTIAL);
	const content = { name: CREDENTIAL, ...credentialFor(ultimo) };
	if (made) await rest.patch(`/rest/credentials/${made.id}`, content);
	else await rest.post('/rest/credentials', content);
}

async function browse(bed: Bed, tally: Tally, screenshots: boolean) {
	const browser = await launchChromium(say);
	try {
		const page = await browser.newPage({ viewport: VIEW, timezoneId: ZONE });
		page.setDefaultTimeout(TIMEOUT_MS);
		const editor = new Editor(page, bed.url);
		const browsing: Browsing = {
			bed,
			editor,
			async screenshot(name) {
				if (!screenshots) return;
				// Toasts cover the corner of what is to be seen; the canvas's dots double the file.
				const hidden =
					'.el-notification, .el-popper[role=tooltip], [data-reka-popper-content-wrapper]:has([role=tooltip])';
				const style = `${hidden}, .vue-flow__background { display: none !important }`;
				const still = { animations: 'disabled', caret: 'hide', style } as const;
				// The nodes' icons come after the nodes.
				await page.waitForLoadState('networkidle');
				await mkdir(IMAGES, { recursive: true });
				await page.screenshot({ path: join(IMAGES, `${name}.png`), ...still });
			},
		};
		const onFailure = async (title: string) => {
			await mkdir(EVIDENCE, { recursive: true });
			const path = join(EVIDENCE, `${title.replace(/\W+/g, '-').slice(0, 80)}.png`);
			await page.screenshot({ path });
			return `See ${path}`;
		};
		const test = async (title: string, work: (browsing: Browsing, step: Step) => Promise<void>) =>
			await runTest(tally, title, async (step) => await work(browsing, step), onFailure);

		await test('Log in', async ({ editor }, step) => {
			await step('the editor opens', async () => await editor.logIn());
		});
		await test('Find the node, connect it, pick and execute', findAndConnect);
		await ensureCredential(bed);
		await test('A failure and the error branch', failureAndErrorBranch);
		await test('Example leaver-free-rooms.json in the editor', leaverOnTheCanvas);
		await test('The other examples in the editor', examplesOnTheCanvas);
		await test('The trigger in the editor', triggerInEditor);
		await test('The output schemas in the editor', fieldsBeforeARun);
	} finally {
		await browser.close();
	}
}

async function main(): Promise<void> {
	const { values } = readArguments(USAGE, {
		screenshots: { type: 'boolean', default: process.env.CI !== 'true' },
	});
	const env = { GENERIC_TIMEZONE: ZONE };
	const n8n = await createPackedN8n({ log: say, env });
	const ultimo = await startUltimo();
	const tally: Tally = { passed: 0, failures: [] };
	try {
		say("Starting n8n's server");
		let running = await n8n.start();
		const { url } = running;
		const bed = { url, rest: await n8n.login(), ultimo };

		say('The editor in a browser');
		await browse(bed, tally, values.screenshots);
		say('The examples');
		await ensureCredential(bed);
		const examples = {
			'leaver-free-rooms': leaverFreesRooms,
			'book-first-free': bookFirstFree,
			'agent-books-room': agentBooks,
			'calendar-sync': calendarSync,
			'free-room': freeRoom,
			'nightly-cleanup': nightlyCleanup,
			'no-show-release': noShowRelease,
			'room-cancelled': roomCancelled,
			'ultimo-to-calendar': ultimoToCalendar,
			'check-environment': checkEnvironment,
		};
		for (const [name, work] of Object.entries(examples))
			await runTest(tally, `Example ${name}.json`, async (step) => await work(bed, step));
		say('The trigger, published, while n8n is killed');
		const mortal: Mortal = {
			get rest() {
				return bed.rest;
			},
			async kill() {
				process.kill(running.pid, 'SIGKILL');
				await running.ended;
			},
			async start() {
				running = await n8n.start();
				bed.rest = await n8n.login();
			},
		};
		const [credential] = await bed.rest.get<CredentialName[]>('/rest/credentials');
		await runTest(tally, 'The trigger', async (step) => {
			await triggerThroughKills(mortal, ultimo, credential, step);
		});
	} finally {
		await Promise.allSettled([n8n.stop(), ultimo.stop()]);
	}
	say('Done');
	for (const failure of tally.failures) console.log(`FAILED: ${failure}`);
	console.log(`${tally.passed} passed, ${tally.failures.length} failed`);
	if (tally.failures.length > 0) process.exitCode = 1;
}

await run(main);
