// A library that stands in front of the C library and does on command what happens to files on bad days.
//
// Built by the tests: cc -shared -fPIC system_calls.c, loaded with LD_PRELOAD. It counts the calls by which files and folders are
// changed (but for /proc); before call number FAULT_AT the process is killed, or with FAULT_KIND=fail the call fails with EIO.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <unistd.h>

static long calls;

static int is_file(int descriptor) {
    struct stat status;
    struct statfs system;
    return descriptor > 2 && fstat(descriptor, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) &&
           fstatfs(descriptor, &system) == 0 && system.f_type != PROC_SUPER_MAGIC;
}

// Whether this call is the one that is to fail.
static int fails(void) {
    const char *at = getenv("FAULT_AT"), *kind = getenv("FAULT_KIND");
    if (!at || ++calls != atol(at)) return 0;
    if (!kind || strcmp(kind, "fail") != 0) raise(SIGKILL);
    errno = EIO;
    return 1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (!is_file(descriptor) || !fails()) return real(descriptor, bytes, count);
    // What was written in part is what a full disk leaves.
    real(descriptor, bytes, count / 2);
    errno = EIO;
    return -1;
}

int fsync(int descriptor) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    return is_file(descriptor) && fails() ? -1 : real(descriptor);
}

int ftruncate(int descriptor, off_t length) {
    int (*real)(int, off_t) = dlsym(RTLD_NEXT, "ftruncate");
    return is_file(descriptor) && fails() ? -1 : real(descriptor, length);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    int (*real)(int, const char *, int, const char *) = dlsym(RTLD_NEXT, "renameat");
    return fails() ? -1 : real(from_folder, from, to_folder, to);
}
