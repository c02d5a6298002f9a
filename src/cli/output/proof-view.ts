import type { Proof } from '../../contracts/release.ts';
import { exitCodes } from '../cli.ts';
import type { Output } from './output.ts';

/** Prints the checks of a test. @returns exit code */
export function printProof(output: Output, proof: Proof): number {
  output.json(proof);
  output.table(
    ['CHECK', 'STATUS', 'DETAILS'],
    proof.checks.map(({ name, passed, said }) => [name, passed ? 'passed' : 'FAILED', said]),
  );
  return proof.passed ? exitCodes.success : exitCodes.failed;
}
