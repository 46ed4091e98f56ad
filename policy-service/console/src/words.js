// The texts, by language; the build checks that every key is there in both and used.
const EN = {
  // pages and shell
  graph: 'Graph', services: 'Services', workloads: 'Workloads', policies: 'Policies', history: 'History', explain: 'Would it pass?',
  canary: 'Canary', tap: 'Tap', pages: 'Pages', live: 'live', away: 'away', skip: 'Skip to content', dark: 'Dark', light: 'Light', close: 'Close',
  awayLong: 'The control plane does not answer. What is shown is from {0}; sidecars go on with what they have. Is policy-service running, and reachable from here?',
  neverThere: 'The control plane does not answer. Is policy-service running, and reachable from here?',
  // words
  all: 'all', none: 'none', unknown: 'unknown', outside: 'outside', seconds: 's', minutes: 'min', hours: 'h', days: 'd', expired: 'expired',
  namespace: 'Namespace', window: 'Window', from: 'From', to: 'To', service: 'Service', version: 'Version', workload: 'Workload', instance: 'Instance',
  protocol: 'Protocol', port: 'Port', host: 'Host', method: 'Method', path: 'Path', headers: 'Headers', status: 'Status', state: 'State', time: 'Time',
  search: 'Filter', more: 'Show more', address: 'Address', why: 'Why', file: 'File', copy: 'Copy', copied: 'Copied', loading: 'Loading …',
  // numbers
  rate: 'Requests/s', errors: 'Errors', denied: 'Denied', p50: 'p50 ms', p95: 'p95 ms', p99: 'p99 ms', mtls: 'mTLS', retries: 'Retries',
  plain: 'plain text', mutual: 'mutual TLS', ends: 'How they ended', seenFrom: 'Counted by the caller', seenTo: 'Counted by the callee',
  errorShare: 'Errors and denied, %', latency: 'Latency, ms', rateTitle: 'Requests per second', asTable: 'The same as a table',
  // graph
  noTraffic: 'No traffic has been reported in this window.',
  noTrafficDo: 'Send some requests through the mesh, or choose a longer window. Sidecars that are connected are on the page Workloads; `./weft demo` brings a blog with load.',
  fit: 'Fit', zoomIn: 'Closer', zoomOut: 'Farther', keys: 'Arrow keys go from edge to edge, Enter opens one, Escape closes it.', edgesNodes: '{0} nodes, {1} edges',
  // an edge
  lastDenied: 'Last requests that were denied or failed', certificates: 'Certificates', caller: 'Caller', callee: 'Callee', endpointsOf: 'Endpoints and ejections',
  reason: 'What the engine says of it',
  // reasons
  route: 'Route', weights: 'Destination', filters: 'Filters', security: 'Connection', consulted: 'Policies consulted, in order', consultedGateway: 'Policies consulted at the gateway',
  dryRun: 'dry run', ALLOWED: 'allowed', DENIED: 'denied', NO_ROUTE: 'no route', ASKS_EXTERNAL: 'asks an external authorizer', ANSWERED: 'answered by the mesh',
  ALLOW: 'allow', DENY: 'deny', AUDIT: 'audit', CUSTOM: 'custom',
  // services, workloads
  noServices: 'No service is known. A service comes from YAML (Service, ServiceEntry), from Kubernetes, or from a sidecar that registers one.',
  noWorkloads: 'No sidecar has registered yet. Start one with a join token (POST /api/v1/tokens), or `./weft demo`.',
  identity: 'Identity', inSync: 'in sync', onItsWay: 'on its way', notConnected: 'not connected', refused: 'refused', notReady: 'in sync, not ready', draining: 'draining',
  wanted: 'Wanted', acknowledged: 'Acknowledged', resources: 'Resources', certificate: 'Certificate holds', serial: 'Serial', validFrom: 'From', validUntil: 'Until',
  incoming: 'Incoming', outgoing: 'Outgoing', endpoints: 'Endpoints', noEndpoints: 'No endpoint: no workload stands behind this port.', declaredBy: 'Declared by', external: 'outside the mesh',
  'state-healthy': 'healthy', 'state-ejected': 'ejected', 'state-sick': 'failed its health check', 'state-draining': 'draining', 'state-not ready': 'not ready',
  ejectedBy: 'left out by {0}', ejectedTimes: '{0} times', leavesOut: 'Endpoints that it leaves out', configuration: 'Configuration that it shall have',
  sidecars: 'Sidecars in sync', authority: 'Authority valid until', source: 'Source', gateway: 'gateway', noLongerThere: 'No such workload is registered now. What it did may still be in the graph.',
  // policies, history
  noPolicies: 'No policy files are in force. Commit some below mesh/ in the configuration repository, or set weft.policy.directory.',
  findings: 'Findings', noFindings: 'The analysis has found nothing to complain of.', withheld: 'This file holds a Secret: it is not shown.', mend: 'Mend', chooseFile: 'Choose a file to see it with the findings at their lines.',
  files: 'Files', lines: 'lines', commit: 'Commit', when: 'When', author: 'Author', message: 'Message', result: 'Result', onIt: 'Sidecars on it', inForce: 'in force', accepted: 'accepted', older: 'before the start',
  noHistory: 'No commit has been offered yet.', refusedCommit: 'The newest commit was refused; the one before stays in force', changes: 'What it changes for workloads', noChanges: 'Nothing changes for any workload.',
  fileChanges: 'What it changes in files', noFileChanges: 'No policy file is changed.', firstCommit: 'There is none before it to compare with.', newFindings: 'New findings', mended: 'Findings that are gone', concerns: 'concerns',
  revert: 'To take it back', revertHint: 'Either of the two, in a clone of the repository:', copyPatch: 'Copy the reverse patch', copyCommand: 'Copy the command', Error: 'Error', Warning: 'Warning', Info: 'Info',
  // explain
  ask: 'Ask', callerOutside: 'outside the mesh', headersHint: 'Headers (name: value, a line each)', explainHint: 'Answered by the engine of the sidecars, on what is in force now. No request is sent.', nowhere: 'nowhere',
  // canary
  canaryHint: 'Choose a service whose route has more than one destination, move a slider, and commit what is shown. Nothing is written from here.',
  current: 'Now %', planned: 'Then %', expectedNow: 'Requests/s now', expected: 'Requests/s then', diff: 'The lines to commit', rollBack: 'To roll back', copyFile: 'Copy the whole file', commands: 'Commands',
  noSplit: 'This route has one destination only: there is nothing to split.', noFile: 'The weights are not in a policy file, so there are no lines to show.', predicted: 'Predicted effect', wouldPass: 'It would be accepted; {0} policy tests hold.',
  wouldFail: 'It would be refused:', unchanged: 'Move a slider: nothing is changed yet.', perVersion: 'Versions now', before: 'Before {0}', noEarlier: 'No earlier version of this file is known.', backTo: 'Weights before', newestRevert: 'Revert of the commit in force',
  // tap
  start: 'Start', stop: 'Stop', operatorToken: 'Operator token', flags: 'Flags', millis: 'ms', decidedBy: 'Decided by', direction: 'Direction', both: 'both', inbound: 'inbound', outbound: 'outbound', pathPrefix: 'Path begins with',
  tapHint: 'Paths and headers are other people’s: a tap needs the operator’s token. It is kept in this page only.', headerNames: 'Headers to tell (names, with commas)', waiting: 'Listening; no request has ended yet that fits.', notStarted: 'Nothing yet: press Start.',
  details: 'Details', upstream: 'Upstream', attempts: 'Attempts', requestId: 'Request ID', traceId: 'Trace ID', bytes: 'Bytes',
};
const ZH = {
  graph: '拓扑图', services: '服务', workloads: '工作负载', policies: '策略', history: '历史', explain: '能否通过？',
  canary: '金丝雀', tap: '实时请求', pages: '页面', live: '实时', away: '不可达', skip: '跳到内容', dark: '深色', light: '浅色', close: '关闭',
  awayLong: '控制平面没有响应。显示的是 {0} 的数据；边车继续使用已有的配置。policy-service 是否在运行，且能从这里访问？',
  neverThere: '控制平面没有响应。policy-service 是否在运行，且能从这里访问？',
  all: '全部', none: '无', unknown: '未知', outside: '网格外', seconds: '秒', minutes: '分钟', hours: '小时', days: '天', expired: '已过期',
  namespace: '命名空间', window: '时间窗口', from: '来源', to: '目标', service: '服务', version: '版本', workload: '工作负载', instance: '实例',
  protocol: '协议', port: '端口', host: '主机', method: '方法', path: '路径', headers: '请求头', status: '状态码', state: '状态', time: '时间',
  search: '筛选', more: '显示更多', address: '地址', why: '原因', file: '文件', copy: '复制', copied: '已复制', loading: '加载中…',
  rate: '请求/秒', errors: '错误', denied: '被拒绝', p50: 'p50 毫秒', p95: 'p95 毫秒', p99: 'p99 毫秒', mtls: '双向 TLS', retries: '重试',
  plain: '明文', mutual: '双向 TLS', ends: '结果分布', seenFrom: '由调用方统计', seenTo: '由被调用方统计',
  errorShare: '错误与被拒绝（%）', latency: '延迟（毫秒）', rateTitle: '每秒请求数', asTable: '以表格显示',
  noTraffic: '该时间窗口内没有流量。',
  noTrafficDo: '请通过网格发送一些请求，或选择更长的窗口。已连接的边车见“工作负载”页；`./weft demo` 会启动一个带负载的博客示例。',
  fit: '适应窗口', zoomIn: '放大', zoomOut: '缩小', keys: '方向键在连线间移动，回车打开，Esc 关闭。', edgesNodes: '{0} 个节点，{1} 条连线',
  lastDenied: '最近被拒绝或失败的请求', certificates: '证书', caller: '调用方', callee: '被调用方', endpointsOf: '端点与摘除情况',
  reason: '引擎的判断',
  route: '路由', weights: '目标', filters: '过滤器', security: '连接', consulted: '依次检查的策略', consultedGateway: '网关上检查的策略',
  dryRun: '试运行', ALLOWED: '允许', DENIED: '拒绝', NO_ROUTE: '没有路由', ASKS_EXTERNAL: '询问外部授权服务', ANSWERED: '由网格应答',
  ALLOW: '允许', DENY: '拒绝', AUDIT: '审计', CUSTOM: '自定义',
  noServices: '没有已知的服务。服务来自 YAML（Service、ServiceEntry）、Kubernetes，或注册服务的边车。',
  noWorkloads: '还没有边车注册。请用加入令牌（POST /api/v1/tokens）启动一个，或运行 `./weft demo`。',
  identity: '身份', inSync: '已同步', onItsWay: '下发中', notConnected: '未连接', refused: '已拒绝', notReady: '已同步，未就绪', draining: '正在退出',
  wanted: '期望', acknowledged: '已确认', resources: '资源', certificate: '证书剩余', serial: '序列号', validFrom: '生效', validUntil: '到期',
  incoming: '入站', outgoing: '出站', endpoints: '端点', noEndpoints: '没有端点：该端口后面没有工作负载。', declaredBy: '声明于', external: '网格之外',
  'state-healthy': '健康', 'state-ejected': '已摘除', 'state-sick': '健康检查失败', 'state-draining': '正在退出', 'state-not ready': '未就绪',
  ejectedBy: '被 {0} 摘除', ejectedTimes: '{0} 次', leavesOut: '它摘除的端点', configuration: '它应有的配置',
  sidecars: '已同步的边车', authority: '证书颁发机构有效期至', source: '来源', gateway: '网关', noLongerThere: '当前没有注册这样的工作负载；它的流量可能仍在拓扑图中。',
  noPolicies: '没有生效的策略文件。请在配置仓库的 mesh/ 下提交，或设置 weft.policy.directory。',
  findings: '检查结果', noFindings: '分析没有发现问题。', withheld: '该文件包含 Secret，不予显示。', mend: '修复方法', chooseFile: '选择一个文件，检查结果会显示在对应的行下。',
  files: '文件', lines: '行', commit: '提交', when: '时间', author: '作者', message: '说明', result: '结果', onIt: '使用它的边车', inForce: '生效中', accepted: '已接受', older: '启动之前',
  noHistory: '还没有提交。', refusedCommit: '最新提交被拒绝，之前的提交继续生效', changes: '对工作负载的改变', noChanges: '对任何工作负载都没有改变。',
  fileChanges: '文件中的改动', noFileChanges: '没有策略文件被改动。', firstCommit: '之前没有可比较的提交。', newFindings: '新的检查结果', mended: '已消失的检查结果', concerns: '涉及',
  revert: '撤回方法', revertHint: '在仓库的克隆中执行以下任一方法：', copyPatch: '复制反向补丁', copyCommand: '复制命令', Error: '错误', Warning: '警告', Info: '提示',
  ask: '询问', callerOutside: '网格之外', headersHint: '请求头（每行一个 名称: 值）', explainHint: '由边车的引擎根据当前生效的配置回答，不会发送请求。', nowhere: '无处',
  canaryHint: '选择路由有多个目标的服务，移动滑块，然后提交所示内容。这里不会写入任何东西。',
  current: '当前 %', planned: '计划 %', expectedNow: '当前请求/秒', expected: '预计请求/秒', diff: '要提交的行', rollBack: '回滚方法', copyFile: '复制整个文件', commands: '命令',
  noSplit: '该路由只有一个目标，无法分流。', noFile: '权重不在策略文件中，因此没有可显示的行。', predicted: '预计效果', wouldPass: '会被接受；{0} 个策略测试通过。',
  wouldFail: '会被拒绝：', unchanged: '请移动滑块：尚无改动。', perVersion: '当前各版本', before: '{0} 之前', noEarlier: '该文件没有更早的版本。', backTo: '之前的权重', newestRevert: '撤销生效中的提交',
  start: '开始', stop: '停止', operatorToken: '操作员令牌', flags: '标志', millis: '毫秒', decidedBy: '决定者', direction: '方向', both: '双向', inbound: '入站', outbound: '出站', pathPrefix: '路径前缀',
  tapHint: '路径和请求头属于他人：需要操作员令牌。令牌只保存在本页面中。', headerNames: '要显示的请求头（名称，逗号分隔）', waiting: '正在监听；还没有符合条件的请求结束。', notStarted: '还没有内容：请按“开始”。',
  details: '详情', upstream: '上游', attempts: '尝试次数', requestId: '请求 ID', traceId: '跟踪 ID', bytes: '字节',
};
export const LANGUAGES = { en: EN, zh: ZH };

/** `{0}`, `{1}` … are filled in. */
export const translator = (language) => (key, ...values) =>
  values.reduce((text, value, i) => text.replace(`{${i}}`, () => value), LANGUAGES[language]?.[key] ?? EN[key] ?? key);
