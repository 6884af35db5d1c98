/*
 * Preloaded into the runtime: while the file named by SOMA_SLOW_DISK exists, the disk takes SOMA_SLOW_DISK_MS to say that a write is
 * durable. Everything else is as it was.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void dawdle(void) {
  const char *file = getenv("SOMA_SLOW_DISK");
  const char *delay = getenv("SOMA_SLOW_DISK_MS");
  if (file != NULL && delay != NULL && access(file, F_OK) == 0) usleep((useconds_t)atoi(delay) * 1000);
}

int fsync(int file) {
  dawdle();
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
  dawdle();
  return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
