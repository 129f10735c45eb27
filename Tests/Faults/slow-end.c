// Lets a process take its time to end, so that its other threads show what they still do after a signal has come.
//
// Built by the tests: cc -shared -fPIC slow-end.c, and preloaded. The default action of a signal comes as late as _exit.
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_a_while(void) {
    struct timespec time = {0, 300000000};
    while (nanosleep(&time, &time) != 0) {
    }
}

void _exit(int status) {
    wait_a_while();
    for (;;) syscall(SYS_exit_group, status);
}

int raise(int number) {
    wait_a_while();
    return syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}
