/* Preloaded into the lab's guest kernels where the processor's registers need it.
 *
 * User Mode Linux keeps the extended registers of a guest's process in a buffer of fixed size and puts them back with
 * ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, …). The host's kernel takes only the whole area, which on processors with
 * AMX is larger than the buffer of versions before 6.12: it answers EFAULT, and the guest's first process dies. Here such
 * a call gets a buffer of the size that the host wants. Components that the given buffer is too short for are marked, in
 * the area's XSTATE_BV, as in their initial state: a guest that knows nothing of them has them there.
 *
 * See Intel's Software Developer's Manual, volume 1, chapter 13.4, for the area's form. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum { HEADER = 512, LEGACY_AND_HEADER = 576, LARGEST = 1 << 16 };

static long (*next)(int request, ...);
static unsigned char area[LARGEST] __attribute__((aligned(64)));
static size_t whole; /* bytes that the host insists on; 0 until known */

__attribute__((constructor)) static void find_next(void) {
    next = (long (*)(int, ...))dlsym(RTLD_NEXT, "ptrace");
}

/* The components of the extended state that lie wholly in the first bytes of the area, as bits of XSTATE_BV. */
static uint64_t components_within(size_t bytes) {
    uint64_t within = 3; /* x87 and SSE, in the legacy part */
    for (unsigned component = 2; component < 63; component++) {
        unsigned size, offset, flags, unused;
        if (!__get_cpuid_count(0xD, component, &size, &offset, &flags, &unused)) {
            break;
        }
        if (size != 0 && (uint64_t)offset + size <= bytes) {
            within |= UINT64_C(1) << component;
        }
    }
    return within;
}

static long set_registers(long pid, struct iovec *given) {
    static size_t known;
    static uint64_t within;
    struct iovec wide = {area, sizeof area};
    uint64_t present;

    if (whole == 0) {
        if (next(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &wide) < 0) {
            return -1;
        }
        whole = wide.iov_len;
    }
    if (given->iov_len >= whole || given->iov_len < LEGACY_AND_HEADER) {
        return next(PTRACE_SETREGSET, pid, NT_X86_XSTATE, given);
    }
    if (known != given->iov_len) {
        known = given->iov_len;
        within = components_within(known);
    }
    memcpy(area, given->iov_base, given->iov_len);
    memset(area + given->iov_len, 0, whole - given->iov_len);
    memcpy(&present, area + HEADER, sizeof present);
    present &= within;
    memcpy(area + HEADER, &present, sizeof present);
    wide.iov_len = whole;
    return next(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &wide);
}

long ptrace(enum __ptrace_request request, ...) {
    va_list arguments;
    va_start(arguments, request);
    long pid = va_arg(arguments, long);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);
    if (next == NULL) {
        errno = ENOSYS;
        return -1;
    }
    if (request == PTRACE_SETREGSET && (uintptr_t)address == NT_X86_XSTATE) {
        return set_registers(pid, data);
    }
    return next(request, pid, address, data);
}
