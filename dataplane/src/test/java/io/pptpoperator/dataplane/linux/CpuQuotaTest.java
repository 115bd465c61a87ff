package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuQuotaTest {

    @TempDir
    private Path mounted;

    @ParameterizedTest
    @CsvSource({"0::/, cpu.max, max 100000, false", "0::/, cpu.max, 50000 100000, true",
            "0::/kubepods/pod1, kubepods/pod1/cpu.max, 20000 100000, true",
            "0::/kubepods/pod1, cpu.max, 20000 100000, true", "0::/, cpu.weight, 100, false",
            "'4:cpu,cpuacct:/', cpu/cpu.cfs_quota_us, -1, false",
            "'4:cpu,cpuacct:/', cpu/cpu.cfs_quota_us, 50000, true",
            "4:cpu:/docker/a, cpu/docker/a/cpu.cfs_quota_us, 50000, true",
            "4:cpuset:/, cpu/cpu.cfs_quota_us, 50000, false"})
    void aLimitIsFoundInEitherVersionOfControlGroups(String group, String file, String content, boolean limit)
            throws IOException {
        Path path = mounted.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content + "\n");
        assertThat(CpuQuota.isSet(List.of("9:memory:/", group), mounted)).isEqualTo(limit);
    }
}
