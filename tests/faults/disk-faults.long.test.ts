import { describeDiskFaults } from './disk-faults.ts';

describeDiskFaults(true);
