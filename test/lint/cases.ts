import type { LiveFacts } from '../../src/lint/index.ts';
import type { LanguageId } from '../../src/project/index.ts';
import { type Files, GOOD_AGENTS } from './agents.ts';

/** One change of a good agent that one rule must notice, and no other. */
export interface Case {
  readonly rule: string;
  readonly language: LanguageId;
  readonly files: Files;
  /** Where it must be noticed; undefined where the violation has no place. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly live?: LiveFacts;
}

/** Replaces a part of a file; the violation is on the line of the change, or on that of another text. */
type Edit = readonly [
  file: string,
  from: string,
  to: string,
  at?: string | null | readonly [file: string, text: string],
];
interface Change {
  readonly edits: readonly Edit[];
  /** Files that are new; null takes one away. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  readonly at?: readonly [file: string, text: string] | null;
}
type Entry = Edit | Change;

const lineOf = (text: string, part: string): number => {
  const at = text.indexOf(part);
  if (at === -1) throw new Error(`there is no ${JSON.stringify(part)}`);
  return text.slice(0, at).split('\n').length;
};

function makeCase(rule: string, language: LanguageId, entry: Entry): Case {
  const change: Change = 'edits' in entry ? entry : { edits: [entry as Edit] };
  const files: Record<string, string | Uint8Array> = { ...GOOD_AGENTS[language] };
  for (const [file, content] of Object.entries(change.files ?? {})) {
    if (content === null) delete files[file];
    else files[file] = content;
  }
  for (const [file, from, to] of change.edits) {
    const text = String(files[file]);
    if (!text.includes(from)) throw new Error(`${rule} ${language}: ${file} has no ${JSON.stringify(from)}`);
    files[file] = text.replace(from, () => to);
  }
  const first = change.edits[0];
  const at = change.at !== undefined ? change.at : first?.[3] !== undefined ? first[3] : undefined;
  if (at === null) return { rule, language, files, file: undefined, line: undefined };
  if (typeof at === 'object')
    return { rule, language, files, file: at[0], line: lineOf(String(files[at[0]]), at[1]) };
  if (first === undefined) throw new Error(`${rule} ${language}: nothing says where`);
  const [file, , to] = first;
  return { rule, language, files, file, line: lineOf(String(files[file]), at ?? to) };
}

const entries: readonly (readonly [
  rule: string,
  byLanguage: Readonly<Partial<Record<LanguageId, Entry>>>,
])[] = [
  [
    'syntax',
    {
      typescript: ['client.ts', 'this.base = new URL(address);', 'this.base = = new URL(address);'],
      go: ['client.go', 'order, err := http', 'order, err := := http'],
      python: ['client.py', 'self.http = httpx', 'self.http = = httpx'],
    },
  ],
  [
    'plugin-identity',
    {
      typescript: ['plugin.ts', "name: 'ticket_desk',", "name: '',"],
      go: ['plugin.go', 'Version:         "0.4.2"', 'Version:         ""'],
      python: ['plugin.py', 'name="greenhouse",', 'name="",'],
    },
  ],
  [
    'plugin-description',
    {
      typescript: [
        'plugin.ts',
        "description: 'Reads and closes the tickets of the support desk',",
        "description: '  ',",
      ],
      go: [
        'plugin.go',
        'Description:     "Follows the trucks of a depot and sends them home",',
        'Description:     " ",',
      ],
      python: [
        'plugin.py',
        'description="Reads the climate of the greenhouses and opens their windows",',
        'description="",',
      ],
    },
  ],
  [
    'permission-explicit',
    {
      typescript: ['actions.ts', "    permission: 'READ',\n", '', 'const search = defineAction({'],
      go: [
        'actions.go',
        '		Permission:  sdk.PermissionRead,\n',
        '',
        ['actions.go', '	{\n		ID:          "locate_truck"'],
      ],
      python: [
        'actions.py',
        '        permission=Permission.MODIFY,\n',
        '',
        '    Action(\n        id="open_windows"',
      ],
    },
  ],
  [
    'stages-declared',
    {
      typescript: ['actions.ts', "stages: ['observe'],", 'stages: [],'],
      go: ['plugin.go', '[]sdk.DevOpsStage{sdk.StageOperate},', '[]sdk.DevOpsStage{},'],
      python: ['actions.py', 'stages=[DevOpsStage.OBSERVE],', 'stages=[],'],
    },
  ],
  [
    'actions-declared',
    {
      typescript: ['plugin.ts', '    actions: ticketActions(api),\n', '', 'return definePlugin({'],
      go: ['plugin.go', '		Actions:         offered,\n', '', 'return &sdk.PluginInfo{'],
      python: ['plugin.py', '            actions=OFFERED,\n', '', 'return sdk.PluginInfo('],
    },
  ],
  [
    'action-id',
    {
      typescript: [
        'actions.ts',
        "id: 'close_ticket',",
        "id: 'search_tickets',",
        ['actions.ts', "id: 'search_tickets',\n    description:\n      'Close"],
      ],
      go: ['actions.go', 'ID:          "recall_truck",', 'ID:          "",'],
      python: ['actions.py', 'id="open_windows",', 'id="",'],
    },
  ],
  [
    'action-description',
    {
      typescript: [
        'actions.ts',
        "description:\n      'Find support tickets whose subject or text contains some words, newest first. Use this when somebody asks what customers complain about.',",
        "description: '',",
      ],
      go: [
        'actions.go',
        'Description: "Tell where one truck is and where it has been, by its licence plate. Use this when someone waits for a delivery.",',
        'Description: "",',
      ],
      python: [
        'actions.py',
        'description="Give temperature and humidity of one greenhouse over a stretch of time. "\n        "Use this when plants look ill or somebody asks how warm it was.",',
        'description="",',
      ],
    },
  ],
  [
    'config-param-described',
    {
      typescript: [
        'plugin.ts',
        "isSecret: true, description: 'Key for the desk' }",
        "isSecret: true, description: '' }",
      ],
      go: [
        'plugin.go',
        'Type: "string", Description: "Where the depot answers from now on"}',
        'Type: "string"}',
      ],
      python: [
        'plugin.py',
        'sdk.ConfigParam(key="controller", description="Address of the controller; empty restores the first one")',
        'sdk.ConfigParam(key="controller")',
      ],
    },
  ],
  [
    'routing-semantics',
    {
      typescript: [
        'actions.ts',
        "    routing: routes('close', 'Answer a customer for good.', 'Do not use to look a ticket up.'),\n",
        '',
        'const close = defineAction({',
      ],
      go: ['actions.go', '[]string{"fleet.trucks"}', '[]string{"trucks"}', 'Routing: sdk.RoutingSemantics{'],
      python: [
        'actions.py',
        'capability_domain="garden.climate.read",',
        'capability_domain="climate",',
        'routing=RoutingSemantics(',
      ],
    },
  ],
  [
    'agent-name',
    {
      typescript: ['plugin.ts', "name: 'ticket_desk',", "name: 'ticket-desk',"],
      go: ['plugin.go', '"truckwatch",', '"TruckWatch",'],
      python: ['plugin.py', 'name="greenhouse",', 'name="mirastack-plugin-greenhouse",'],
    },
  ],
  [
    'agent-version',
    {
      typescript: ['plugin.ts', "version: '2.3.0',", "version: '2.3',"],
      go: ['plugin.go', '"0.4.2"', '"v0.4.2"'],
      python: ['plugin.py', 'version="3.1.4",', 'version="3.01.4",'],
    },
  ],
  [
    'action-name',
    {
      typescript: {
        edits: [
          ['actions.ts', "id: 'close_ticket',", "id: 'closeTicket',"],
          ['README.md', 'close_ticket', 'closeTicket'],
        ],
      },
      go: {
        edits: [
          ['actions.go', 'ID:          "recall_truck",', 'ID:          "RecallTruck",'],
          ['README.md', 'recall_truck', 'RecallTruck'],
        ],
      },
      python: {
        edits: [
          ['actions.py', 'id="open_windows",', 'id="open-windows",'],
          ['README.md', 'open_windows', 'open-windows'],
        ],
      },
    },
  ],
  [
    'param-name',
    {
      typescript: ['actions.ts', 'number: { type', "'the number': { type"],
      go: ['actions.go', 'Name: "plate"', 'Name: "action"'],
      python: ['actions.py', 'ParamSchema("percent", ', 'ParamSchema("per cent", '],
    },
  ],
  [
    'param-type',
    {
      typescript: ['actions.ts', "{ type: 'number', required", "{ type: 'int', required"],
      go: ['actions.go', '{Name: "from", Type: "string"', '{Name: "from", Type: "timestamp"'],
      python: ['actions.py', '"percent", "number"', '"percent", "float"'],
    },
  ],
  [
    'param-described',
    {
      typescript: ['actions.ts', "description: 'The text that the customer gets'", "description: ''"],
      go: ['actions.go', ', Description: "Unix seconds at which the track begins"}', '}', '{Name: "from"'],
      python: [
        'actions.py',
        ', description="Unix seconds of the first reading")',
        ')',
        'ParamSchema(name="since"',
      ],
    },
  ],
  [
    'param-required',
    {
      typescript: [
        'actions.ts',
        "description: 'RFC 3339 time of the oldest",
        "description: '(required) RFC 3339 time of the oldest",
      ],
      go: ['actions.go', 'Description: "Unix seconds', 'Description: "Required. Unix seconds'],
      python: [
        'actions.py',
        '"How far, from 0 to 100"',
        '"How far, from 0 to 100. Optional: 50 when left out"',
      ],
    },
  ],
  [
    'config-key',
    {
      typescript: {
        edits: [
          ['plugin.ts', "key: 'desk_api',", "key: 'desk api',"],
          ['plugin.ts', 'desk_api, desk_key }', "'desk api': desk_api, desk_key }"],
        ],
      },
      go: ['plugin.go', 'Type: "string", Description: "Where', 'Type: "url", Description: "Where'],
      python: {
        edits: [
          ['plugin.py', 'key="controller"', 'key="Controller"'],
          ['plugin.py', 'config.get("controller")', 'config.get("Controller")'],
        ],
      },
    },
  ],
  [
    'description-too-short',
    {
      typescript: [
        'actions.ts',
        "'Find support tickets whose subject or text contains some words, newest first. Use this when somebody asks what customers complain about.'",
        "'Get tickets'",
      ],
      go: [
        'actions.go',
        '"Tell where one truck is and where it has been, by its licence plate. Use this when someone waits for a delivery."',
        '"Locate truck"',
      ],
      python: [
        'actions.py',
        '"Give temperature and humidity of one greenhouse over a stretch of time. "\n        "Use this when plants look ill or somebody asks how warm it was."',
        '"Read climate"',
      ],
    },
  ],
  [
    'description-jargon',
    {
      typescript: [
        'actions.ts',
        "'Find support tickets whose subject or text contains some words, newest first. Use this when somebody asks what customers complain about.'",
        "'Exec JQ and KQL against the CRUD API with JSON params. Use this for KQL.'",
      ],
      go: [
        'actions.go',
        '"Tell where one truck is and where it has been, by its licence plate. Use this when someone waits for a delivery."',
        '"Run PromQL on the TSDB for the GVK, p99 and QPS of a CRD. Use this for PromQL."',
      ],
      python: [
        'actions.py',
        '"Give temperature and humidity of one greenhouse over a stretch of time. "\n        "Use this when plants look ill or somebody asks how warm it was."',
        '"Query the TSDB with PromQL or LogQL, JSON to stdout. Use this for PromQL."',
      ],
    },
  ],
  [
    'description-when-to-use',
    {
      typescript: [
        'actions.ts',
        ' Use this when somebody asks what customers complain about.',
        '',
        "'Find support tickets",
      ],
      go: ['actions.go', ' Use this when someone waits for a delivery.', '', '"Tell where'],
      python: [
        'actions.py',
        '        "Use this when plants look ill or somebody asks how warm it was.",\n',
        '        "The time range may be left open.",\n',
        'description="Give',
      ],
    },
  ],
  [
    'description-duplicate',
    {
      typescript: [
        'actions.ts',
        "'Find support tickets whose subject or text contains some words, newest first. Use this when somebody asks what customers complain about.'",
        "'Close one support ticket with a final answer to the customer. WARNING: the customer gets the answer by mail at once. Use this only when the answer was agreed on.'",
        [
          'actions.ts',
          "'Close one support ticket with a final answer to the customer. WARNING: the customer gets the answer by mail at once. Use this only when the answer was agreed on.',\n    permission: 'MODIFY'",
        ],
      ],
      go: [
        'actions.go',
        'Description: "Tell where one truck is and where it has been, by its licence plate. Use this when someone waits for a delivery.",',
        'Description: "Order one truck back to its own depot, whatever it carries. WARNING: its deliveries of the day are lost. Use this when the truck must not go on.",',
        'Description: "Order one truck back to its depot,',
      ],
      python: [
        'actions.py',
        '"Give temperature and humidity of one greenhouse over a stretch of time. "\n        "Use this when plants look ill or somebody asks how warm it was."',
        '"Open the windows of one greenhouse by some percent. "\n        "WARNING: rain and cold get in at once. Use this when it is too warm and somebody agreed."',
        [
          'actions.py',
          'description="Open the windows of one greenhouse by some percent. "\n        "WARNING: rain and cold get in at once. Use this when it is too warm and somebody has',
        ],
      ],
    },
  ],
  [
    'description-warning',
    {
      typescript: ['actions.ts', 'WARNING: the customer', 'The customer'],
      go: ['actions.go', 'WARNING: its deliveries', 'All its deliveries'],
      python: ['actions.py', '"WARNING: rain and cold', '"Rain and cold', 'description="Open the windows'],
    },
  ],
  [
    'time-range-used',
    {
      typescript: {
        edits: [
          ['actions.ts', 'bounds(request.timeRange) ?? { after: since }', '{ after: since }'],
          ['actions.ts', '({ words, since }, request)', '({ words, since })'],
          ['actions.ts', ', formatRfc3339, respondMap, type TimeRange }', ', respondMap }'],
          [
            'actions.ts',
            'const bounds = (range: TimeRange | undefined) =>\n  range && { after: formatRfc3339(range.startEpochMs), before: formatRfc3339(range.endEpochMs) };\n',
            '',
          ],
        ],
        at: ['actions.ts', 'since: { type'],
      },
      go: {
        edits: [
          [
            'actions.go',
            '	if span := req.TimeRange; span != nil {\n		begin = datetimeutils.FormatEpochSeconds(span.StartEpochMs)\n	}\n',
            '',
          ],
          ['actions.go', '	"github.com/mirastacklabs-ai/mirastack-agents-sdk-go/datetimeutils"\n', ''],
        ],
        at: ['actions.go', '{Name: "from"'],
      },
      python: {
        edits: [
          [
            'actions.py',
            'format_epoch_seconds(req.time_range.start_epoch_ms) if req.time_range else req.params.get("since", "")',
            'req.params.get("since", "")',
          ],
          ['actions.py', 'from mirastack_sdk.datetimeutils import format_epoch_seconds\n', ''],
        ],
        at: ['actions.py', 'ParamSchema(name="since"'],
      },
    },
  ],
  [
    'time-parsing',
    {
      typescript: ['actions.ts', '?? { after: since }', '?? { after: new Date(since ?? 0).toISOString() }'],
      go: [
        'actions.go',
        '	name := "truckwatch:"',
        '	moment, _ := time.Parse(time.RFC3339, req.Params["from"])\n	_ = moment\n	name := "truckwatch:"',
        'time.Parse',
      ],
      python: [
        'actions.py',
        '    readings = await',
        '    datetime.fromisoformat(since)\n    readings = await',
      ],
    },
  ],
  [
    'time-converter',
    {
      typescript: {
        edits: [
          ['actions.ts', 'before: formatRfc3339(', 'before: formatEpochMillis('],
          ['actions.ts', ', formatRfc3339,', ', formatEpochMillis, formatRfc3339,'],
        ],
      },
      go: ['actions.go', 'datetimeutils.FormatEpochSeconds', 'datetimeutils.FormatEpochMicros'],
      python: ['actions.py', 'since = format_epoch_seconds(', 'since = format_epoch_millis('],
    },
  ],
  [
    'health-check',
    {
      typescript: [
        'plugin.ts',
        'healthCheck: async () => {\n      await api.ping();\n    },',
        'healthCheck: async () => {},',
      ],
      go: ['plugin.go', '	return t.depot.Knock(ctx)\n', '	return nil\n', 'HealthCheck(ctx'],
      python: [
        'plugin.py',
        '        await self.controller.greet()\n',
        '        pass\n',
        'async def health_check',
      ],
    },
  ],
  [
    'config-updated',
    {
      typescript: [
        'plugin.ts',
        'configUpdated: ({ desk_api, desk_key }) => {\n      api.reconnect({ address: desk_api ||',
        'configUpdated: ({ desk_key }) => {\n      api.reconnect({ address:',
        "{\n        key: 'desk_api'",
      ],
      go: ['plugin.go', 'where := settings["depot_url"]', 'where := settings["depot"]', '{Key: "depot_url"'],
      python: [
        'plugin.py',
        '        self.controller = Controller(config.get("controller") or self.first_controller)\n',
        '        pass\n',
        'sdk.ConfigParam(',
      ],
    },
  ],
  [
    'hard-coded-url',
    {
      typescript: [
        'main.ts',
        'const address = process.env.TICKET_DESK_API;',
        "const address = process.env.TICKET_DESK_API ?? 'http://desk.internal:8080';",
      ],
      go: [
        'plugin.go',
        '	where := settings["depot_url"]\n',
        '	fallback := "depot.internal:9443"\n	_ = fallback\n	where := settings["depot_url"]\n',
        'depot.internal',
      ],
      python: [
        'main.py',
        'os.environ["GREENHOUSE_CONTROLLER"]',
        'os.environ.get("GREENHOUSE_CONTROLLER", "http://localhost:8000")',
      ],
    },
  ],
  [
    'hard-coded-credential',
    {
      typescript: [
        'client.ts',
        'this.key = key;',
        "this.key = key;\n    const password = 'hunter2!';",
        'hunter2',
      ],
      go: [
        'client.go',
        '	order, err :=',
        '	token := "ghp_0123456789abcdefghijABCDEFGHIJ012345"\n	_ = token\n	order, err :=',
        'ghp_',
      ],
      python: [
        'client.py',
        'class Controller:',
        'API_KEY = "Zx81-spectrum!"\n\n\nclass Controller:',
        'API_KEY',
      ],
    },
  ],
  [
    'hard-coded-path',
    {
      typescript: [
        'client.ts',
        'this.key = key;',
        "this.key = key;\n    const authority = '/home/anna/ca.pem';",
        '/home/anna',
      ],
      go: [
        'client.go',
        '	order, err :=',
        '	authority := "/opt/depot/ca.pem"\n	_ = authority\n	order, err :=',
        '/opt',
      ],
      python: [
        'client.py',
        'class Controller:',
        'CA_FILE = "/Users/anna/ca.pem"\n\n\nclass Controller:',
        'CA_FILE',
      ],
    },
  ],
  [
    'prompt-in-code',
    {
      typescript: [
        'plugin.ts',
        "promptTemplates: loadPromptTemplates(new URL('../templates', import.meta.url).pathname, {\n      ticket_desk_reading: 'How the states of a ticket relate',\n    }),",
        "promptTemplates: [...loadPromptTemplates('templates'), { name: 'ticket_desk_more', description: 'More', content: 'Name the number.' }],",
      ],
      go: [
        'embed.go',
        'for _, entry := range entries {',
        'found = []sdk.PromptTemplate{}\n	more := "You have access to the tools of truckwatch. Always name the truck first."\n	_ = more\n	for _, entry := range entries {',
        'more :=',
      ],
      python: [
        'plugin.py',
        'for path in (Path(__file__).parent / "templates").glob("*.tmpl")],',
        'for path in (Path(__file__).parent / "templates").glob("*.tmpl")]\n            + [PromptTemplate("greenhouse_more", "More", "Name the greenhouse.")],',
        'PromptTemplate("greenhouse_more"',
      ],
    },
  ],
  [
    'templates-loaded',
    {
      typescript: [
        'plugin.ts',
        "    promptTemplates: loadPromptTemplates(new URL('../templates', import.meta.url).pathname, {\n      ticket_desk_reading: 'How the states of a ticket relate',\n    }),\n",
        '',
        ['templates/ticket_desk_reading.tmpl', 'The desk'],
      ],
      go: ['embed.go', '//go:embed templates/*.tmpl\n', '', 'package main'],
      python: [
        'plugin.py',
        '[read_template(path) for path in (Path(__file__).parent / "templates").glob("*.tmpl")]',
        '[]',
        ['templates/greenhouse_climate.tmpl', 'Temperatures'],
      ],
    },
  ],
  [
    'license-present',
    {
      typescript: { edits: [], files: { LICENSE: null }, at: null },
      go: [
        'AGPLv3-LICENSE',
        'GNU AFFERO GENERAL PUBLIC LICENSE',
        'See our web site',
        '                    See',
      ],
      python: { edits: [], files: { 'LICENSE.txt': null }, at: null },
    },
  ],
  [
    'readme-purpose',
    {
      typescript: [
        'README.md',
        'Lets people ask what customers have reported, and answer them, through the tickets of the support desk.\n\n- `search_tickets` finds tickets by words.\n- `close_ticket` closes one, after somebody has approved it.\n\nSet TICKET_DESK_API to the address of the desk and TICKET_DESK_KEY to a key for it.',
        '| search_tickets |\n| close_ticket |\n| TICKET_DESK_API |\n| TICKET_DESK_KEY |',
        '# Ticket desk',
      ],
      go: {
        edits: [],
        files: { 'README.md': '# Truckwatch\n\n`locate_truck` `recall_truck`\n\n`TRUCKWATCH_DEPOT_URL`\n' },
        at: ['README.md', '# Truckwatch'],
      },
      python: {
        edits: [
          [
            'README.md',
            'Reads the climate of greenhouses from their controller, and opens windows where somebody approves it.',
            '',
          ],
          [
            'README.md',
            '`GREENHOUSE_CONTROLLER` is the address of the controller.',
            '`GREENHOUSE_CONTROLLER`',
          ],
        ],
        at: ['README.md', '# greenhouse'],
      },
    },
  ],
  [
    'readme-variables',
    {
      typescript: [
        'README.md',
        ' and TICKET_DESK_KEY to a key for it',
        '',
        ['main.ts', "process.env['TICKET_DESK_KEY']"],
      ],
      go: [
        'README.md',
        'The variable `TRUCKWATCH_DEPOT_URL` says where',
        'A variable says where',
        ['main.go', 'os.LookupEnv('],
      ],
      python: ['README.md', '`GREENHOUSE_CONTROLLER` is', 'There is', ['main.py', 'os.environ[']],
    },
  ],
  [
    'readme-actions',
    {
      typescript: [
        'README.md',
        '`close_ticket` closes',
        'Another closes',
        ['actions.ts', "id: 'close_ticket'"],
      ],
      go: [
        'README.md',
        '`recall_truck` orders',
        'another orders',
        ['actions.go', 'ID:          "recall_truck"'],
      ],
      python: ['README.md', '| open_windows |', '| another |', ['actions.py', 'id="open_windows"']],
    },
  ],
  [
    'template-syntax',
    {
      typescript: ['templates/ticket_desk_reading.tmpl', '{{if .Team}}', '{{if .Team}'],
      go: ['templates/truckwatch_tracks.tmpl', '{{range .Depots}}', '{{range}}'],
      python: [
        'templates/greenhouse_climate.tmpl',
        'humidity in percent.',
        'humidity in {{nothing .}}.',
        '{{nothing',
      ],
    },
  ],
  [
    'template-size',
    {
      typescript: [
        'templates/ticket_desk_reading.tmpl',
        'The desk knows',
        `${'The desk is large. '.repeat(120)}The desk knows`,
        'The desk knows',
      ],
      go: [
        'templates/truckwatch_tracks.tmpl',
        'A track is',
        `${'Trucks are slow. '.repeat(130)}A track is`,
        'A track is',
      ],
      python: [
        'templates/greenhouse_climate.tmpl',
        'Temperatures are',
        `${'Plants are thirsty. '.repeat(110)}Temperatures are`,
        'Temperatures are',
      ],
    },
  ],
  [
    'template-identity',
    {
      typescript: [
        'templates/ticket_desk_reading.tmpl',
        'Name the number',
        'You are MIRA, the assistant of the desk. Name the number',
      ],
      go: [
        'templates/truckwatch_tracks.tmpl',
        'Give the last place',
        'You are an expert for trucks. Give the last place',
      ],
      python: [
        'templates/greenhouse_climate.tmpl',
        'Name the greenhouse',
        'Act as a gardener. Name the greenhouse',
      ],
    },
  ],
  [
    'template-name',
    {
      typescript: {
        edits: [],
        files: { 'templates/guide.tmpl': 'One word.\n' },
        at: ['templates/guide.tmpl', 'One'],
      },
      go: {
        edits: [],
        files: { 'templates/prompt.tmpl': 'One word.\n' },
        at: ['templates/prompt.tmpl', 'One'],
      },
      python: {
        edits: [],
        files: { 'templates/Climate-1.tmpl': 'One word.\n' },
        at: ['templates/Climate-1.tmpl', 'One'],
      },
    },
  ],
  [
    'no-engine-store',
    {
      typescript: [
        'client.ts',
        'export interface DeskOptions',
        "import { createClient } from 'redis';\n\nexport interface DeskOptions",
        'redis',
      ],
      go: ['client.go', '	"net/url"\n', '	"net/url"\n\n	"github.com/redis/go-redis/v9"\n', 'go-redis'],
      python: [
        'client.py',
        'import httpx\n',
        'import httpx\nimport redis.asyncio as redis\n',
        'import redis',
      ],
    },
  ],
  [
    'no-llm',
    {
      typescript: [
        'client.ts',
        'export interface DeskOptions',
        "import OpenAI from 'openai';\n\nexport interface DeskOptions",
        'openai',
      ],
      go: [
        'client.go',
        '	"net/url"\n',
        '	"net/url"\n\n	openai "github.com/sashabaranov/go-openai"\n',
        'go-openai',
      ],
      python: ['client.py', 'import httpx\n', 'import anthropic\nimport httpx\n', 'import anthropic'],
    },
  ],
  [
    'no-state-on-disk',
    {
      typescript: {
        edits: [
          [
            'client.ts',
            'export interface DeskOptions',
            "import { writeFile } from 'node:fs/promises';\n\nexport interface DeskOptions",
          ],
          [
            'client.ts',
            "    await this.ask('status');",
            "    await this.ask('status');\n    await writeFile('state.json', '{}');",
          ],
        ],
        at: ['client.ts', "await writeFile('"],
      },
      go: [
        'plugin.go',
        '	t.depot = openDepot(where)\n',
        '	t.depot = openDepot(where)\n	_ = os.WriteFile("state", nil, 0o600)\n',
        'os.WriteFile',
      ],
      python: [
        'client.py',
        '        (await self.http.get("hello")).raise_for_status()\n',
        '        (await self.http.get("hello")).raise_for_status()\n        open("state", "w").close()\n',
        'open("state"',
      ],
    },
  ],
  [
    'no-other-agents',
    {
      typescript: [
        'actions.ts',
        'async ({ number, answer }) =>',
        "async ({ number, answer }, { engineClient }) =>\n      (await engineClient.callPlugin('query_vlogs', {})) &&",
        'callPlugin',
      ],
      go: [
        'actions.go',
        '	if err := t.depot.Recall',
        '	_, _ = t.engine.CallPlugin(ctx, "query_vlogs", nil)\n	if err := t.depot.Recall',
        'CallPlugin',
      ],
      python: [
        'actions.py',
        '    readings = await',
        '    await engine.call_plugin("query_vmetrics", {})\n    readings = await',
        'call_plugin',
      ],
    },
  ],
  [
    'sdk-field',
    {
      go: ['plugin.go', 'Name:            "truckwatch",', 'Metadata: nil, Name:            "truckwatch",'],
      python: ['actions.py', 'id="read_climate",', 'id="read_climate", title="Climate",'],
    },
  ],
  [
    'sdk-value',
    {
      go: ['plugin.go', '[]sdk.DevOpsStage{sdk.StageOperate},', '[]string{"operate"},'],
      python: ['plugin.py', '[sdk.DevOpsStage.OBSERVE, sdk.DevOpsStage.OPERATE]', '["observe", "operate"]'],
    },
  ],
  [
    'sdk-method',
    {
      go: {
        edits: [
          ['plugin.go', 'Schema() *sdk.PluginSchema { return &sdk', 'Schema() sdk.PluginSchema { return sdk'],
        ],
      },
      python: ['plugin.py', 'return sdk.PluginSchema(actions=OFFERED)', 'return {"actions": OFFERED}'],
    },
  ],
  [
    'sdk-import',
    { python: ['actions.py', 'Permission, RoutingSemantics', 'Permission, RoutingSemantics, TimeRange'] },
  ],
  ['sdk-package', { python: ['pyproject.toml', 'mirastack-agents-sdk>=', 'mirastack-agents-sdk-python>='] }],
  [
    'sdk-action-id',
    {
      typescript: {
        edits: [],
        files: {
          'plugin.ts': `import { loadPromptTemplates, type ExecuteRequest, type Plugin, type PluginInfo } from 'create-mirastack-agent';
import { ticketActions } from './actions.ts';
import { type DeskOptions, TicketDeskApi } from './client.ts';

export class TicketDesk implements Plugin {
  api: TicketDeskApi;
  constructor(options: DeskOptions) {
    this.api = new TicketDeskApi(options);
  }
  info(): PluginInfo {
    return {
      name: 'ticket_desk',
      version: '2.3.0',
      description: 'Reads and closes the tickets of the support desk',
      permission: 'MODIFY',
      devopsStages: ['operate'],
      actions: ticketActions(this.api),
      promptTemplates: loadPromptTemplates('templates'),
    };
  }
  schema() {
    return { actions: ticketActions(this.api) };
  }
  execute(request: ExecuteRequest) {
    const found = ticketActions(this.api).find(({ id }) => id === request.params.action);
    if (!found) throw new Error('there is no such action');
    return found.run(request);
  }
  async healthCheck() {
    await this.api.ping();
  }
  configUpdated() {}
}
`,
        },
        at: ['plugin.ts', 'request.params.action'],
      },
      go: [
        'plugin.go',
        '	wanted := req.ActionID\n	if wanted == "" {\n		wanted = req.Params["action"]\n	}\n',
        '	wanted := req.Params["action"]\n',
      ],
      python: ['plugin.py', 'req.action_id or req.params.get("action", "")', 'req.params.get("action", "")'],
    },
  ],
  [
    'sdk-logs-only',
    {
      go: [
        'plugin.go',
        'return nil, errors.New("truckwatch cannot " + wanted)',
        'return &sdk.ExecuteResponse{Logs: []string{"truckwatch cannot " + wanted}}, nil',
      ],
      python: [
        'plugin.py',
        'sdk.ExecuteResponse(output=await run_action(chosen, self.controller, engine, req))',
        'sdk.ExecuteResponse(logs=[await run_action(chosen, self.controller, engine, req)])',
      ],
    },
  ],
  ['sdk-serve-result', { go: ['main.go', '	sdk.Serve(&', '	_ = sdk.Serve(&'] }],
  [
    'sdk-engine-client',
    {
      go: ['actions.go', 't.engine.CacheGet(ctx, name)', 'req.EngineClient.CacheGet(ctx, name)'],
      python: ['actions.py', 'await engine.cache_set(', 'await req.engine_client.cache_set('],
    },
  ],
  [
    'sdk-cache-ttl',
    {
      go: ['actions.go', 'CacheSet(ctx, name, track, keepFor)', 'CacheSet(ctx, name, track, 300)'],
      python: ['actions.py', 'timedelta(minutes=1)', '60'],
    },
  ],
  ['sdk-go-version', { go: ['go.mod', 'go 1.25', 'go 1.22'] }],
  [
    'layout-files',
    {
      typescript: {
        edits: [['plugin.ts', "'./actions.ts'", "'./tickets.ts'"]],
        files: { 'actions.ts': null, 'tickets.ts': GOOD_AGENTS.typescript['actions.ts'] ?? '' },
        at: null,
      },
      go: {
        edits: [],
        files: { 'actions.go': null, 'trucks.go': GOOD_AGENTS.go['actions.go'] ?? '' },
        at: null,
      },
      python: {
        edits: [['plugin.py', 'from client', 'from controller']],
        files: { 'client.py': null, 'controller.py': GOOD_AGENTS.python['client.py'] ?? '' },
        at: null,
      },
    },
  ],
  [
    'dockerfile-user',
    {
      typescript: ['Dockerfile', 'USER node\n', '', 'FROM node'],
      go: ['Dockerfile', 'static-debian12:nonroot', 'static-debian12:debug', 'FROM gcr.io'],
      python: ['Dockerfile', 'USER gardener', 'USER root'],
    },
  ],
  [
    'dockerfile-pinned',
    {
      typescript: ['Dockerfile', 'node:22-alpine', 'node:latest'],
      go: ['Dockerfile', 'golang:1.25-alpine', 'golang'],
      python: ['Dockerfile', 'python:3.12-slim', 'python:slim'],
    },
  ],
  [
    'dockerfile-secret',
    {
      typescript: [
        'Dockerfile',
        'USER node\n',
        'ENV TICKET_DESK_KEY_TOKEN="s3cr3t!4711"\nUSER node\n',
        'ENV',
      ],
      go: ['Dockerfile', 'COPY . /src\n', 'COPY . /src\nCOPY .env /src/.env\n', 'COPY .env'],
      python: ['Dockerfile', 'WORKDIR /agent\n', 'WORKDIR /agent\nARG PIP_PASSWORD=Tr0ub4dor&3\n', 'ARG'],
    },
  ],
  [
    'intent-pattern',
    {
      typescript: [
        'actions.ts',
        "{ pattern: 'close ticket', priority: 7 }",
        "{ pattern: '(?=close).*', priority: 7 }",
      ],
      go: ['actions.go', 'Pattern: "where is the truck"', 'Pattern: "(a+)\\\\1"'],
      python: [
        'actions.py',
        'IntentPattern("open the windows", priority=6)',
        'IntentPattern("open (the windows", priority=6)',
      ],
    },
  ],
  [
    'intent-overlap',
    {
      typescript: [
        'actions.ts',
        "{ pattern: 'close ticket', priority: 7 }",
        "{ pattern: 'search  Tickets', priority: 7 }",
      ],
      go: ['actions.go', 'Pattern: "call the truck back"', 'Pattern: "Where is the truck"'],
      python: [
        'actions.py',
        'IntentPattern("open the windows", priority=6)',
        'IntentPattern("climate of the greenhouse", priority=6)',
        [
          'actions.py',
          'IntentPattern("climate of the greenhouse", priority=6)],\n        input_params=[HOUSE, ParamSchema("percent"',
        ],
      ],
    },
  ],
  [
    'committed-binary',
    Object.fromEntries(
      (['typescript', 'go', 'python'] as const).map((language) => [
        language,
        {
          edits: [],
          files: { 'bin/agent': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0]) },
          at: ['bin/agent', ''],
        },
      ]),
    ),
  ],
  [
    'committed-secret',
    Object.fromEntries(
      (['typescript', 'go', 'python'] as const).map((language) => [
        language,
        { edits: [], files: { '.env': 'HOST=here\nDESK_TOKEN=aB3-dE5-gH7\n' }, at: ['.env', 'DESK_TOKEN'] },
      ]),
    ),
  ],
];

/** Every rule that needs no running agent, in every language where it applies. */
export const CASES: readonly Case[] = entries.flatMap(([rule, byLanguage]) =>
  Object.entries(byLanguage).map(([language, entry]) => makeCase(rule, language as LanguageId, entry)),
);
