package io.pptpoperator.dataplane.linux;

import java.util.ArrayList;
import java.util.List;

/** What the host must offer before a server can start. */
public final class HostChecks {

    private HostChecks() {}

    /** What is missing, one line each saying what to do; empty when all is there. Changes nothing. */
    public static List<String> problems() {
        List<String> problems = new ArrayList<>(problemsOf(Capabilities.ofThisProcess()));
        NativeBuffer path = NativeBuffer.ofString(TunDevice.PATH);
        int fd = Libc.open(path.address(), Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            int errno = Libc.errno();
            problems.add(TunDevice.cannotOpen(errno) + " [" + Errno.describe(errno) + "]");
        } else {
            Libc.close(fd);
        }
        return List.copyOf(problems);
    }

    static List<String> problemsOf(Capabilities capabilities) {
        List<String> problems = new ArrayList<>();
        if (!capabilities.netAdmin()) {
            problems.add("CAP_NET_ADMIN is missing: run as root, use 'setcap cap_net_admin,cap_net_raw+ep' on java,"
                    + " or in Kubernetes add NET_ADMIN to securityContext.capabilities.add");
        }
        if (!capabilities.netRaw()) {
            problems.add("CAP_NET_RAW is missing: run as root, use 'setcap cap_net_admin,cap_net_raw+ep' on java,"
                    + " or in Kubernetes add NET_RAW to securityContext.capabilities.add");
        }
        return problems;
    }
}
