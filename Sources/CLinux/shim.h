// System calls that glibc shows to GNU sources only, so that Swift's Glibc module does not have them, or that take a
// number of arguments that varies, which Swift cannot call.
#ifndef IPEK_CLINUX_SHIM_H
#define IPEK_CLINUX_SHIM_H

#include <sys/syscall.h>

// Declared here, so that this module does not become the owner of glibc's own headers.
long syscall(long number, ...);

// Brings the whole file system of an open file to disk: one call for a million small files.
static inline int ipek_syncfs(int descriptor) { return (int)syscall(SYS_syncfs, descriptor); }

// Begins to bring a part of a file to disk and does not wait: SYNC_FILE_RANGE_WRITE is 2.
static inline int ipek_begin_writing(int descriptor, long long offset, long long count) {
    return (int)syscall(SYS_sync_file_range, descriptor, offset, count, 2U);
}

// AT_FDCWD.
enum { ipek_working_directory = -100 };

// Renames, and fails with EEXIST where the new name is taken: RENAME_NOREPLACE is 1.
static inline int ipek_rename_new(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, ipek_working_directory, from, ipek_working_directory, to, 1U);
}

// No core dump, no debugger of the same user, and /proc/self for root only: PR_SET_DUMPABLE is 4.
static inline int ipek_forbid_dumps(void) { return (int)syscall(SYS_prctl, 4L, 0L, 0L, 0L, 0L); }

// Whether any of that is allowed: PR_GET_DUMPABLE is 3.
static inline int ipek_dumps_are_forbidden(void) { return syscall(SYS_prctl, 3L, 0L, 0L, 0L, 0L) == 0; }

// Whether something keeps the clock right: with no mode set adjtimex changes nothing, and answers 5 (TIME_ERROR) where
// nothing does. The buffer is longer than any kernel's struct timex.
static inline int ipek_clock_is_synchronised(void) {
    long buffer[128] = {0};
    long state = syscall(SYS_adjtimex, buffer);
    return state >= 0 && state != 5;
}

#endif
