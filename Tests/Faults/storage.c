// A library that stands in front of the C library and counts, for the whole process, the calls by which files and folders are
// opened, written, brought to disk, named and removed. At call number FAULT_AT something happens:
//
//   FAULT_KIND=kill      the process is killed before the call
//   FAULT_KIND=after     it is killed after it
//   FAULT_KIND=torn      of a write one half happens, and then it is killed
//   FAULT_KIND=power     it is killed, and what was not brought to disk is lost
//   FAULT_KIND=short     of a write one half happens, which is no fault
//   FAULT_KIND=<number>  the call fails with this errno; of a write one half may have happened
//   FAULT_KIND=-<number> this call and all that follow fail with it, as on a disk that stays full
//
// FAULT_LOG names a file to which the call is written when it comes to that. Built by the tests: cc -shared -fPIC storage.c
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static atomic_long calls;
static long fault_at;
static const char *kind, *log_path;
static int error_number, stays;

__attribute__((constructor)) static void prepare(void) {
    const char *at = getenv("FAULT_AT");
    fault_at = at ? atol(at) : 0;
    kind = getenv("FAULT_KIND") ? getenv("FAULT_KIND") : "kill";
    log_path = getenv("FAULT_LOG");
    error_number = atoi(kind);
    stays = error_number < 0;
    if (stays) error_number = -error_number;
}

// What a power cut takes: bytes behind the length that was brought to disk.
enum { most = 1 << 16 };
static struct {
    dev_t device;
    ino_t inode;
    off_t durable;
    char path[192];
} files[most];
static atomic_int file_count;

static int is_file(int descriptor, struct stat *status) {
    return descriptor > 2 && fstat(descriptor, status) == 0 && (S_ISREG(status->st_mode) || S_ISDIR(status->st_mode));
}

static int number_of(const struct stat *status) {
    int count = file_count;
    for (int i = count - 1; i >= 0; i--)
        if (files[i].inode == status->st_ino && files[i].device == status->st_dev) return i;
    return -1;
}

// Remembers a file that is about to be written, with the length that it has now.
static void remember(int descriptor, const struct stat *status) {
    if (strcmp(kind, "power") != 0 || !S_ISREG(status->st_mode) || number_of(status) >= 0) return;
    int i = file_count++;
    if (i >= most) abort();
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    // /proc/self belongs to root in this process; without a path nothing is lost, which is a fault less.
    ssize_t count = readlink(link, files[i].path, sizeof files[i].path - 1);
    files[i].path[count < 0 ? 0 : count] = 0;
    files[i].device = status->st_dev, files[i].inode = status->st_ino, files[i].durable = status->st_size;
}

static void synchronised(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return;
    int i = number_of(&status);
    if (i >= 0) files[i].durable = status.st_size;
}

static void all_synchronised(void) {
    for (int i = 0; i < file_count; i++) {
        struct stat status;
        if (stat(files[i].path, &status) == 0) files[i].durable = status.st_size;
    }
}

static void lose_power(void) {
    for (int i = 0; i < file_count; i++) {
        struct stat status;
        if (stat(files[i].path, &status) == 0 && status.st_ino == files[i].inode && status.st_size > files[i].durable)
            if (truncate(files[i].path, files[i].durable) != 0) abort();
    }
}

static void note(const char *name, const char *path, int descriptor) {
    if (!log_path) return;
    char link[64], target[256] = "", line[600];
    if (!path) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t count = readlink(link, target, sizeof target - 1);
        target[count < 0 ? 0 : count] = 0;
        path = target;
    }
    int count = snprintf(line, sizeof line, "%s %s\n", name, path);
    int file = REAL(open)(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file < 0) return;
    if (REAL(write)(file, line, count) < 0) abort();
    REAL(close)(file);
}

enum verdict { goes_on, fails, halves, dies_after };

// What becomes of this call; does not return where the process dies before it.
static enum verdict judge(const char *name, const char *path, int descriptor, int is_write) {
    if (fault_at == 0) return goes_on;
    long number = ++calls;
    if (number < fault_at || (number > fault_at && !stays)) return goes_on;
    if (number == fault_at) note(name, path, descriptor);
    if (error_number) {
        // A full disk still gives files back, and interrupted calls are those that may be.
        errno = error_number;
        return fails;
    }
    if (strcmp(kind, "short") == 0) return is_write ? halves : goes_on;
    if (strcmp(kind, "after") == 0) return dies_after;
    if (strcmp(kind, "torn") == 0 && is_write) return halves;
    if (strcmp(kind, "power") == 0) lose_power();
    raise(SIGKILL);
    return goes_on;
}

static int is_system(const char *path) {
    return !strncmp(path, "/proc/", 6) || !strncmp(path, "/dev/", 5) || !strncmp(path, "/sys/", 5);
}

static void die(void) { raise(SIGKILL); }

// Calls by path: what fails with `error` where such a call can fail with it.
#define AROUND(type, name, path, call)                                   \
    enum verdict verdict = is_system(path) ? goes_on : judge(name, path, -1, 0); \
    if (verdict == fails) return -1;                                     \
    type result = call;                                                  \
    if (verdict == dies_after) die();                                    \
    return result;

#define AROUND_FILE(type, name, descriptor, call)                        \
    struct stat status;                                                  \
    enum verdict verdict = is_file(descriptor, &status) ? judge(name, 0, descriptor, 0) : goes_on; \
    if (verdict == fails) return -1;                                     \
    type result = call;                                                  \
    if (verdict == dies_after) die();                                    \
    return result;

static mode_t mode_of(int flags, va_list *list) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(*list, mode_t) : 0;
}

#define OPEN(name)                                                       \
    int name(const char *path, int flags, ...) {                         \
        va_list list;                                                    \
        va_start(list, flags);                                           \
        mode_t mode = mode_of(flags, &list);                             \
        va_end(list);                                                    \
        AROUND(int, "open", path, REAL(name)(path, flags, mode))         \
    }
#define OPENAT(name)                                                     \
    int name(int folder, const char *path, int flags, ...) {             \
        va_list list;                                                    \
        va_start(list, flags);                                           \
        mode_t mode = mode_of(flags, &list);                             \
        va_end(list);                                                    \
        AROUND(int, "open", path, REAL(name)(folder, path, flags, mode)) \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

#define WRITE(name, parameters, arguments, half)                         \
    ssize_t name parameters {                                            \
        struct stat status;                                              \
        if (!is_file(descriptor, &status)) return REAL(name) arguments;  \
        remember(descriptor, &status);                                   \
        enum verdict verdict = judge(#name, 0, descriptor, 1);           \
        if (verdict == goes_on || verdict == dies_after) {               \
            ssize_t result = REAL(name) arguments;                       \
            if (verdict == dies_after) die();                            \
            return result;                                               \
        }                                                                \
        int error = errno;                                               \
        if (verdict == fails && error == EINTR) return -1;               \
        ssize_t result = count > 1 ? REAL(name) half : 0;                \
        if (verdict == halves && !strcmp(kind, "torn")) die();           \
        if (verdict == halves) return result > 0 ? result : REAL(name) arguments; \
        errno = error;                                                   \
        return -1;                                                       \
    }
WRITE(write, (int descriptor, const void *bytes, size_t count), (descriptor, bytes, count), (descriptor, bytes, count / 2))
WRITE(
    pwrite, (int descriptor, const void *bytes, size_t count, off_t offset), (descriptor, bytes, count, offset),
    (descriptor, bytes, count / 2, offset))
WRITE(
    pwrite64, (int descriptor, const void *bytes, size_t count, off64_t offset), (descriptor, bytes, count, offset),
    (descriptor, bytes, count / 2, offset))

#define SYNCHRONISE(name) \
    int name(int descriptor) { \
        struct stat status; \
        enum verdict verdict = is_file(descriptor, &status) ? judge(#name, 0, descriptor, 0) : goes_on; \
        if (verdict == fails) return -1; \
        int result = REAL(name)(descriptor); \
        synchronised(descriptor); \
        if (verdict == dies_after) die(); \
        return result; \
    }
SYNCHRONISE(fsync)
SYNCHRONISE(fdatasync)

int ftruncate(int descriptor, off_t length) {
    AROUND_FILE(int, "ftruncate", descriptor, REAL(ftruncate)(descriptor, length))
}
int ftruncate64(int descriptor, off64_t length) {
    AROUND_FILE(int, "ftruncate", descriptor, REAL(ftruncate64)(descriptor, length))
}
int rename(const char *from, const char *to) { AROUND(int, "rename", to, REAL(rename)(from, to)) }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    AROUND(int, "rename", to, REAL(renameat)(from_folder, from, to_folder, to))
}
int unlink(const char *path) { AROUND(int, "unlink", path, REAL(unlink)(path)) }
int unlinkat(int folder, const char *path, int flags) {
    AROUND(int, "unlink", path, REAL(unlinkat)(folder, path, flags))
}
int mkdir(const char *path, mode_t mode) { AROUND(int, "mkdir", path, REAL(mkdir)(path, mode)) }
int mkdirat(int folder, const char *path, mode_t mode) {
    AROUND(int, "mkdir", path, REAL(mkdirat)(folder, path, mode))
}
int rmdir(const char *path) { AROUND(int, "rmdir", path, REAL(rmdir)(path)) }

// By number: syncfs and renameat2.
long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long),
         e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    enum verdict verdict = goes_on;
    if (number == SYS_syncfs) verdict = judge("syncfs", 0, (int)a, 0);
    if (number == SYS_renameat2) verdict = judge("rename", (const char *)d, -1, 0);
    if (verdict == fails) return -1;
    long result = REAL(syscall)(number, a, b, c, d, e, f);
    if (number == SYS_syncfs && result == 0) all_synchronised();
    if (verdict == dies_after) die();
    return result;
}
