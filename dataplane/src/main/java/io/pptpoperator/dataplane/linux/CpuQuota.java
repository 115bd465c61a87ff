package io.pptpoperator.dataplane.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The limit of CPU time that a control group sets its processes: a container's CPU limit (cgroups(7)). */
public final class CpuQuota {
    private static final Path GROUPS = Path.of("/proc/self/cgroup");
    private static final Path MOUNTED = Path.of("/sys/fs/cgroup");

    private CpuQuota() {}

    /** Whether this process has one. */
    public static boolean isSet() {
        try {
            return isSet(Files.readAllLines(GROUPS), MOUNTED);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether one of the groups has one; the container's own is the root of what it sees mounted.
     *
     * @param groups lines of {@code /proc/self/cgroup}
     */
    static boolean isSet(List<String> groups, Path mounted) {
        return groups.stream().map(line -> line.split(":", 3)).filter(parts -> parts.length == 3).anyMatch(parts -> {
            String path = parts[2].substring(1);
            if (parts[1].isEmpty()) {
                return isLimit(first(mounted, path, "cpu.max"));
            }
            return List.of(parts[1].split(",")).contains("cpu")
                    && isLimit(first(mounted.resolve("cpu"), path, "cpu.cfs_quota_us"));
        });
    }

    private static String first(Path mounted, String group, String file) {
        return Stream.of(mounted.resolve(group).resolve(file), mounted.resolve(file))
                .filter(Files::isReadable)
                .findFirst()
                .map(CpuQuota::read)
                .orElse("");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Version 2 says "max 100000" for none and "50000 100000" for half a CPU, version 1 "-1" and "50000". */
    private static boolean isLimit(String text) {
        return !text.isEmpty() && Character.isDigit(text.charAt(0));
    }
}
