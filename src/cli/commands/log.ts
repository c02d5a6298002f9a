import { type Command, Option } from 'commander';
import { dimensions, exportDimensionTables } from '../../actions/requests/dimensions.ts';
import { expireLog } from '../../actions/requests/expire.ts';
import { exportLog } from '../../actions/requests/export.ts';
import { listRequests, showRequest } from '../../actions/requests/requests.ts';
import { type ExportFormat, exportFormats } from '../../serving/log/export/export-requests.ts';
import type { RequestFilter } from '../../store/requests/contract.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { inPeriod, type PeriodFlags, withPeriod } from '../options/period.ts';
import { moment } from '../output/moment.ts';
import { plural } from '../output/plural.ts';
import { registerErase } from './log-erase.ts';

export function registerLog(program: Command): void {
  const log = program
    .command('log')
    .description('manage the request log: list, show, export, dimensions, expire, erase');
  registerList(log);
  registerShow(log);
  registerExport(log);
  registerDimensions(log);
  registerExpire(log);
  registerErase(log);
}

interface FilterFlags extends PeriodFlags {
  endpoint?: string;
  label?: string;
  role?: NonNullable<RequestFilter['role']>;
}

function filtered(command: Command): Command {
  return withPeriod(command.option('--endpoint <name>', 'only this endpoint'), 'requests')
    .option('--label <label>', 'only this predicted label')
    .addOption(new Option('--role <role>', 'only this deployment role').choices(['stable', 'canary', 'shadow']));
}

function registerList(log: Command): void {
  const command = filtered(log.command('list', { isDefault: true }).description('list requests, newest first'));
  command.option('--limit <n>', 'maximum number of requests', wholeNumber, 20);
  action(command, async ({ inStore, output, by }, flags: FilterFlags & { limit: number }) => {
    const found = await inStore((store) => listRequests(store, inPeriod(flags, by.now)));
    output.list(found, 'No logged requests.', (one) => ({
      REQUEST: one.publicId,
      TIME: moment(one.loggingTime),
      ENDPOINT: one.endpoint,
      MODEL: one.modelVersion === null ? one.modelName : `${one.modelName}@${one.modelVersion}`,
      ROLE: one.role,
      '#STATUS': one.status,
      LABEL: one.label ?? one.errorCode,
      '#PROBABILITY': one.probability?.toFixed(4) ?? null,
      '#MS': one.latencyMs.toFixed(1),
    }));
  });
}

function registerShow(log: Command): void {
  const command = log.command('show <id>').description('show a request, by the id in its response');
  action(command, async ({ inStore, output }, id: string) => {
    const request = await inStore((store) => showRequest(store, id));
    output.json(request);
    const { projection: _projection, embedding: _embedding, ...rest } = request;
    output.line(JSON.stringify(rest, null, 2));
  });
}

function registerExport(log: Command): void {
  const command = filtered(log.command('export <file>').description('export requests to a file, oldest first'));
  command.addOption(new Option('--format <format>', 'file format').choices(exportFormats).default('parquet'));
  action(command, async ({ config, output, by, give }, file: string, flags: FilterFlags & { format: ExportFormat }) => {
    const exported = await exportLog(config, file, inPeriod(flags, by.now));
    await give(exported.path);
    output.json(exported);
    output.line(`Wrote ${plural(exported.rows, 'request')} to ${exported.path}`);
  });
}

function registerDimensions(log: Command): void {
  const command = log
    .command('dimensions [folder]')
    .description(
      'show the tables that the log refers to (dim_endpoints, dim_models, dim_deployments), or write a file of each to a folder',
    )
    .addOption(new Option('--format <format>', 'format of the files').choices(exportFormats).default('parquet'));
  action(
    command,
    async ({ inStore, output, give }, folder: string | undefined, { format }: { format: ExportFormat }) => {
      if (folder === undefined) {
        const { dim_endpoints, dim_models, dim_deployments } = await inStore(dimensions);
        output.json({ dim_endpoints, dim_models, dim_deployments });
        output.table(
          ['ENDPOINT', 'CREATED', 'MONITORED', 'MONITORING', '#THRESHOLD'],
          dim_endpoints.map((each) => [
            each.endpoint,
            moment(each.created_at),
            each.model_monitoring ? 'yes' : 'no',
            each.mointoring_type,
            each.alert_threshold?.toString() ?? null,
          ]),
        );
        const deployed = new Map(dim_models.map((each) => [each.deployed_model_id, each]));
        output.table(
          ['DEPLOYMENT', 'ENDPOINT', 'MODEL', 'ROLE', '#TRAFFIC', 'SINCE', 'UNTIL', 'RUN', '#AUC', 'COMMIT'],
          dim_deployments.map((each) => [
            each.deployed_model_id,
            each.endpoint,
            deployed.get(each.deployed_model_id)?.display_name ?? null,
            each.role,
            `${each.traffic}`,
            moment(each.since),
            each.until && moment(each.until),
            each.pipeline_run_name,
            deployed.get(each.deployed_model_id)?.metrics_auc?.toFixed(4) ?? null,
            deployed.get(each.deployed_model_id)?.git_commit?.slice(0, 12) ?? null,
          ]),
        );
        return;
      }
      const paths = await inStore((store) => exportDimensionTables(store, folder, format));
      for (const path of paths) await give(path);
      output.json({ paths });
      for (const path of paths) output.line(`Wrote ${path}`);
    },
  );
}

function registerExpire(log: Command): void {
  const command = log
    .command('expire')
    .description(
      'move old months of all projects to Parquet files, and delete photos, history and audit rows past their retention',
    )
    .option('--months <n>', 'whole months to keep, 0 = no limit (default: MITATE_LOG_MONTHS, 13)', wholeNumber);
  action(command, async ({ config, output }, flags: { months?: number }) => {
    const expired = await expireLog(config, {
      ...config,
      ...(flags.months !== undefined && { logMonths: flags.months }),
    });
    output.json(expired);
    for (const { month, rows, files } of expired.months)
      output.line(`${month}: ${plural(rows, 'request')} moved${files.length > 0 ? ` to ${files.join(', ')}` : ''}`);
    const rows = Object.values(expired.history).reduce((total, each) => total + each, 0);
    output.line(`Deleted ${plural(expired.images, 'photo')}, and ${plural(rows, 'old row')} of history.`);
  });
}
