// Whoever may send a process a signal must not open its inspector, which runs any code: a release may signal its worker.
// A forked process also gets --disable-sigusr1, which has no gap while it starts.
if (process.platform !== 'win32') process.on('SIGUSR1', () => {});

export {};
