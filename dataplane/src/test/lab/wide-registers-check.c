/* Shows whether wide-registers.c does its work: a buffer too short for the processor's extended registers is given to
 * ptrace, as User Mode Linux does on processors with AMX. Every processor with more than x87 and SSE can show it.
 *
 * Prints "refused" when the host's kernel does not take the buffer, "kept" when it does and the process has the value
 * that was put into its register XMM7 afterwards, "lost" when it has another. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHORT = 576, XMM7 = 160 + 7 * 16, XSTATE_BV = 512, SSE = 2 };

static unsigned char area[1 << 16] __attribute__((aligned(64)));

int main(void) {
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0L, 0L, 0L);
        raise(SIGSTOP);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);

    struct iovec registers = {area, sizeof area};
    if (ptrace(PTRACE_GETREGSET, (long)child, (void *)NT_X86_XSTATE, &registers) != 0) {
        perror("PTRACE_GETREGSET");
        return 1;
    }
    if (registers.iov_len <= SHORT) {
        fprintf(stderr, "this processor has no registers beyond SSE\n");
        return 1;
    }
    uint64_t value = UINT64_C(0x0123456789abcdef);
    area[XSTATE_BV] |= SSE;
    memcpy(area + XMM7, &value, sizeof value);
    registers.iov_len = SHORT;
    if (ptrace(PTRACE_SETREGSET, (long)child, (void *)NT_X86_XSTATE, &registers) != 0) {
        puts("refused");
    } else {
        uint64_t now;
        memset(area, 0, sizeof area);
        registers.iov_len = sizeof area;
        ptrace(PTRACE_GETREGSET, (long)child, (void *)NT_X86_XSTATE, &registers);
        memcpy(&now, area + XMM7, sizeof now);
        puts(now == value ? "kept" : "lost");
    }
    ptrace(PTRACE_KILL, (long)child, 0L, 0L);
    kill(child, SIGKILL);
    return 0;
}
