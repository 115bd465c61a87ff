package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.netlink.SocketOwners;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every number that is written down here for the kernel, against the C headers of each architecture that images are
 * built for: a compiler checks them as assertions.
 */
final class ArchitecturesTest {

    private static final String HEADERS = Stream
            .of("stddef.h", "fcntl.h", "poll.h", "sched.h", "time.h", "errno.h", "sys/socket.h", "sys/uio.h",
                    "sys/eventfd.h", "sys/mman.h", "sys/syscall.h", "sys/ioctl.h", "netinet/in.h", "net/if.h",
                    "linux/if_packet.h", "linux/if_tun.h", "linux/filter.h", "linux/if_xdp.h", "linux/bpf.h",
                    "linux/sock_diag.h", "linux/netlink.h", "linux/virtio_net.h", "linux/inet_diag.h")
            .collect(Collectors.joining(">\n#include <", "#define _GNU_SOURCE\n#include <", ">\n")) + """
                    #ifdef __aarch64__
                    #define SYS_BPF_AARCH64 __NR_bpf
                    #define SYS_BPF_X86_64 321
                    #else
                    #define SYS_BPF_AARCH64 280
                    #define SYS_BPF_X86_64 __NR_bpf
                    #endif
                    """;

    /** By class: its constants, and what C calls each. */
    private static final Map<Class<?>, Map<String, String>> CONSTANTS = Map.of(Libc.class,
            named("PROT_READ", "PROT_WRITE", "MAP_SHARED", "MAP_POPULATE", "AF_XDP", "O_RDONLY", "O_RDWR", "O_NONBLOCK",
                    "O_CLOEXEC", "MSG_TRUNC", "MSG_DONTWAIT", "MSG_ERRQUEUE", "AF_INET", "AF_PACKET", "SOCK_DGRAM",
                    "SOCK_RAW", "SOCK_NONBLOCK", "SOCK_CLOEXEC", "SOL_SOCKET", "SO_SNDBUF", "SO_RCVBUF",
                    "SO_ATTACH_FILTER", "SO_SNDBUFFORCE", "SO_RCVBUFFORCE", "SO_MEMINFO"),
            TunDevice.class,
            with(named("IFF_TUN", "IFF_MULTI_QUEUE", "IFF_NO_PI", "IFF_VNET_HDR", "IFF_TUN_EXCL", "TUNGETFEATURES",
                    "TUNSETIFF", "TUNSETOFFLOAD", "TUNSETVNETHDRSZ", "TUN_F_CSUM", "TUN_F_TSO4"), "IFREQ",
                    "sizeof(struct ifreq)", "IFR_FLAGS", "offsetof(struct ifreq, ifr_flags)", "VNET_HEADER_BYTES",
                    "sizeof(struct virtio_net_hdr)", "MAX_NAME_BYTES", "IFNAMSIZ - 1"),
            MessageHeaders.class,
            with(Map.of(), "MMSGHDR", "sizeof(struct mmsghdr)", "IOVEC", "sizeof(struct iovec)", "NAME",
                    "offsetof(struct mmsghdr, msg_hdr.msg_name)", "NAME_LENGTH",
                    "offsetof(struct mmsghdr, msg_hdr.msg_namelen)", "IOV", "offsetof(struct mmsghdr, msg_hdr.msg_iov)",
                    "IOV_LENGTH", "offsetof(struct mmsghdr, msg_hdr.msg_iovlen)", "CONTROL",
                    "offsetof(struct mmsghdr, msg_hdr.msg_control)", "CONTROL_LENGTH",
                    "offsetof(struct mmsghdr, msg_hdr.msg_controllen)", "FLAGS",
                    "offsetof(struct mmsghdr, msg_hdr.msg_flags)", "LENGTH", "offsetof(struct mmsghdr, msg_len)"),
            SendBatch.class,
            with(Map.of(), "SOCKADDR_IN", "sizeof(struct sockaddr_in)", "SOCKADDR_ADDRESS",
                    "offsetof(struct sockaddr_in, sin_addr)", "SOCKADDR_LL", "sizeof(struct sockaddr_ll)",
                    "LINK_PROTOCOL", "offsetof(struct sockaddr_ll, sll_protocol)", "LINK_INDEX",
                    "offsetof(struct sockaddr_ll, sll_ifindex)", "LINK_ADDRESS_LENGTH",
                    "offsetof(struct sockaddr_ll, sll_halen)", "LINK_ADDRESS", "offsetof(struct sockaddr_ll, sll_addr)",
                    "CONTROL_SPACE", "CMSG_SPACE(sizeof(struct in_pktinfo))", "CONTROL_LENGTH",
                    "CMSG_LEN(sizeof(struct in_pktinfo))", "CONTROL_LEVEL", "offsetof(struct cmsghdr, cmsg_level)",
                    "CONTROL_TYPE", "offsetof(struct cmsghdr, cmsg_type)", "CONTROL_SPEC_DST",
                    "CMSG_LEN(0) + offsetof(struct in_pktinfo, ipi_spec_dst)", "IPPROTO_IP", "IPPROTO_IP", "IP_PKTINFO",
                    "IP_PKTINFO"),
            RawGreSocket.class,
            with(named("IPPROTO_IP", "IP_MTU_DISCOVER", "IP_PMTUDISC_OMIT", "IP_PMTUDISC_PROBE", "IP_RECVERR"),
                    "PROTOCOL", "IPPROTO_GRE", "SOCKADDR_IN", "sizeof(struct sockaddr_in)", "MEMINFO_DROPS",
                    "SK_MEMINFO_DROPS"),
            Poller.class,
            with(Map.of(), "POLLFD", "sizeof(struct pollfd)", "READABLE", "POLLIN", "WRITABLE", "POLLOUT",
                    "ERROR_HANG_UP_OR_INVALID", "POLLERR | POLLHUP | POLLNVAL"),
            SocketFilter.class,
            with(Map.of(), "SOCK_FILTER", "sizeof(struct sock_filter)", "SOCK_FPROG", "sizeof(struct sock_fprog)"),
            SocketOwners.class,
            with(Map.of(), "STATE", "offsetof(struct inet_diag_msg, idiag_state)", "UID",
                    "offsetof(struct inet_diag_msg, idiag_uid)", "INODE", "offsetof(struct inet_diag_msg, idiag_inode)",
                    "MESSAGE", "sizeof(struct inet_diag_msg)"),
            Scheduling.class,
            with(named("SCHED_OTHER", "SCHED_RR", "SCHED_RESET_ON_FORK", "CLOCK_THREAD_CPUTIME_ID"), "TIMESPEC",
                    "sizeof(struct timespec)"),
            Errno.class, named(Stream.of(Errno.class.getFields()).map(Field::getName).toArray(String[]::new)));

    /** The same, for XDP sockets and BPF. */
    private static final Map<Class<?>, Map<String, String>> XDP_CONSTANTS = Map.of(XdpRing.class,
            with(named("SOL_XDP", "XDP_MMAP_OFFSETS"), "MMAP_OFFSETS", "sizeof(struct xdp_mmap_offsets)", "CONSUMER",
                    "offsetof(struct xdp_ring_offset, consumer)", "ENTRIES", "offsetof(struct xdp_ring_offset, desc)"),
            XdpFrames.class,
            with(named("XDP_UMEM_REG"), "UMEM_REG", "sizeof(struct xdp_umem_reg)", "UMEM_LENGTH",
                    "offsetof(struct xdp_umem_reg, len)", "UMEM_CHUNK_SIZE",
                    "offsetof(struct xdp_umem_reg, chunk_size)"),
            XdpLink.class,
            with(named("XDP_SHARED_UMEM", "XDP_COPY"), "SOCKADDR_XDP", "sizeof(struct sockaddr_xdp)", "SOCKADDR_FLAGS",
                    "offsetof(struct sockaddr_xdp, sxdp_flags)", "SOCKADDR_INDEX",
                    "offsetof(struct sockaddr_xdp, sxdp_ifindex)", "SOCKADDR_QUEUE",
                    "offsetof(struct sockaddr_xdp, sxdp_queue_id)", "SOCKADDR_SHARED",
                    "offsetof(struct sockaddr_xdp, sxdp_shared_umem_fd)"),
            BpfPrograms.class,
            with(named("BPF_PROG_QUERY", "SYS_BPF_X86_64", "SYS_BPF_AARCH64"), "QUERY_ATTACH_TYPE",
                    "offsetof(union bpf_attr, query.attach_type)", "QUERY_COUNT",
                    "offsetof(union bpf_attr, query.prog_cnt)"));

    /** What is written down without a name, in the same places. */
    private static final List<String> ASSERTIONS = List.of("offsetof(struct pollfd, events) == 4",
            "offsetof(struct pollfd, revents) == 6", "sizeof(struct timespec) == 16",
            "offsetof(struct timespec, tv_nsec) == 8", "offsetof(struct iovec, iov_len) == 8",
            "offsetof(struct sock_fprog, filter) == 8", "offsetof(struct sock_filter, k) == 4",
            "sizeof(struct sched_param) == 4", "sizeof(cpu_set_t) % 8 == 0", "sizeof(long) == 8", "sizeof(void *) == 8",
            "EFD_NONBLOCK == O_NONBLOCK", "EFD_CLOEXEC == O_CLOEXEC", "sizeof(struct sockaddr_nl) == 12",
            "offsetof(struct xdp_mmap_offsets, tx) == 32", "offsetof(struct xdp_mmap_offsets, fr) == 64",
            "offsetof(struct xdp_mmap_offsets, cr) == 96", "sizeof(struct xdp_desc) == 16", "XDP_TX_RING == 3",
            "XDP_UMEM_FILL_RING == 5", "XDP_UMEM_COMPLETION_RING == 6", "XDP_PGOFF_TX_RING == 0x80000000",
            "XDP_UMEM_PGOFF_FILL_RING == 0x100000000", "XDP_UMEM_PGOFF_COMPLETION_RING == 0x180000000",
            "__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__");

    @TempDir
    private Path folder;

    private static Map<String, String> named(String... names) {
        return Stream.of(names).collect(Collectors.toMap(name -> name, name -> name));
    }

    private static Map<String, String> with(Map<String, String> others, String... pairs) {
        Map<String, String> all = new java.util.HashMap<>(others);
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    private static String program() throws ReflectiveOperationException {
        List<String> assertions = new ArrayList<>(ASSERTIONS);
        Map<Class<?>, Map<String, String>> all = new java.util.HashMap<>(CONSTANTS);
        all.putAll(XDP_CONSTANTS);
        for (var entry : all.entrySet()) {
            for (var constant : entry.getValue().entrySet()) {
                Field field = entry.getKey().getDeclaredField(constant.getKey());
                field.setAccessible(true);
                assertions.add("(" + constant.getValue() + ") == " + field.get(null));
            }
        }
        return HEADERS + assertions.stream()
                .map(assertion -> "_Static_assert(" + assertion + ", \"" + assertion + "\");\n")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({"x86_64-linux-gnu-gcc", "aarch64-linux-gnu-gcc"})
    void theHeadersOfTheArchitectureSayTheSame(String compiler) throws Exception {
        Requirement.programs(compiler);
        Path source = Files.writeString(folder.resolve("numbers.c"), program());

        Process process = new ProcessBuilder(compiler, "-fsyntax-only", source.toString()).redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
    }

    /** These have other values, other numbers or another layout there, and nothing would say so. */
    @Test
    void whatDiffersBetweenArchitecturesIsNotUsed() throws IOException {
        Path sources = Path.of(System.getProperty("basedir", ""), "src/main/java").toAbsolutePath();
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        // bpf(2) has no function in the C library: its number is looked up by architecture there.
        assertThat(files).hasSizeGreaterThan(100)
                .filteredOn(file -> !file.endsWith("BpfPrograms.java"))
                .allSatisfy(file -> assertThat(Files.readString(file))
                        .doesNotContainPattern("\\b(O_DIRECTORY|O_NOFOLLOW|O_DIRECT|O_LARGEFILE|O_TMPFILE)\\b")
                        .doesNotContainPattern(
                                "native \\w+ (syscall|stat|fstat|epoll_\\w+|sigaction|ptrace|uname)\\("));
    }
}
