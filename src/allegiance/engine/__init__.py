"""The engine: the week, noise, compiled segments, chunks of runs, recording and stores."""
