package io.pptpoperator.dataplane.interop.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.pptpoperator.dataplane.linux.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How the lab finds out whether a guest boots on this machine, shown with programs that behave as kernels elsewhere do.
 */
final class GuestKernelIT {

    /** What User Mode Linux does when it panics. */
    private static final String PANIC = "while :; do kill -ABRT $$; done";
    /** What it says on a processor with AMX. */
    private static final String NARROW = "echo 'userspace - ptrace set fp regs failed, errno = 14' >&2";

    @TempDir
    private Path folder;

    @BeforeEach
    void needs() {
        Requirement.root();
        Requirement.programs("linux.uml", "cc", "unshare", "modprobe");
    }

    private GuestKernel tried(String script, String compiler) throws IOException {
        Path program = folder.resolve("kernel");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        program.toFile().setExecutable(true);
        return GuestKernel.tried(program.toString(), compiler, folder.resolve("trial"));
    }

    @Test
    void theKernelOfThisMachineRunsAsItIsOrWithTheLibrary() {
        GuestKernel kernel = GuestKernel.tried("linux.uml", "cc", folder.resolve("trial"));

        assertThat(kernel.program()).isEqualTo("linux.uml");
    }

    @Test
    void aKernelThatPanicsAtStartIsKnownAtOnceWithWhatItSaid() {
        assertTimeoutPreemptively(Await.PATIENCE.dividedBy(2),
                () -> assertThatThrownBy(
                        () -> tried("echo 'Kernel panic - not syncing: no reason' >&2; " + PANIC, "cc"))
                        .isInstanceOf(LabException.class)
                        .isNotInstanceOf(GuestKernel.MissingTool.class)
                        .hasMessageStartingWith("No guest boots on this machine, because its kernel ")
                        .hasMessageContaining("ended at start with status 134")
                        .hasMessageContaining("install another version of Debian's user-mode-linux")
                        .hasMessageContaining("Kernel panic - not syncing: no reason"));
    }

    @Test
    void aRealKernelThatPanicsEndsToo() {
        assertTimeoutPreemptively(Await.PATIENCE.dividedBy(2),
                () -> assertThatThrownBy(() -> tried("exec linux.uml \"$@\" init=/bin/false", "cc"))
                        .hasMessageContaining("Attempted to kill init"));
    }

    @Test
    void aKernelWithoutRoomForTheProcessorsRegistersBootsWithTheLibrary() throws IOException {
        GuestKernel kernel = tried(
                "[ -n \"$LD_PRELOAD\" ] || { " + NARROW + "; " + PANIC + "; }; exec linux.uml \"$@\"", "cc");

        assertThat(kernel.preload()).isPresent();
        try (var network = Namespace.create("widened");
                Guest guest = Guest.boot(new GuestKernel("linux.uml", kernel.preload()), "widened", network, List.of(),
                        Lab.SCRIPTS.resolve("guest-init"), folder)) {
            assertThat(guest.loadModules().succeeded()).isTrue();
            assertThat(guest.must("awk 'BEGIN { for (i = 0; i < 100000; i++) s += i / 3; printf \"%.0f\", s }'"))
                    .isEqualTo("1666650000");
        }
    }

    @Test
    void withoutACompilerTheLibraryIsSaidToBeMissing() {
        assertThatThrownBy(() -> tried(NARROW + "; " + PANIC, "no-such-compiler"))
                .isInstanceOf(GuestKernel.MissingTool.class)
                .hasMessageContaining("there is no no-such-compiler")
                .hasMessageEndingWith("On Debian: apt-get install gcc libc6-dev");
    }

    @Test
    void aKernelThatTheLibraryDoesNotCureIsNamed() {
        assertThatThrownBy(() -> tried(NARROW + "; " + PANIC, "cc")).isInstanceOf(LabException.class)
                .isNotInstanceOf(GuestKernel.MissingTool.class)
                .hasMessageStartingWith("No guest boots on this machine");
    }

    @Test
    void modulesThatAreMissingAreNamed() {
        assertThatThrownBy(() -> tried("exec linux.uml \"$@\" module_blacklist=ppp_mppe", "cc"))
                .hasMessageStartingWith("The guest kernel ")
                .hasMessageContaining("ppp_mppe")
                .hasMessageContaining("reinstall Debian's user-mode-linux");
    }

    @Test
    void theLibraryGivesTheHostAsManyRegistersAsItWants() {
        Path library = GuestKernel.wideRegisters("cc", folder);
        String check = folder.resolve("check").toString();
        Command.must("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", check,
                Lab.SCRIPTS.resolve("wide-registers-check.c").toString());

        assertThat(Command.must(check)).isEqualTo("refused");
        assertThat(Command.must("env", "LD_PRELOAD=" + library, check)).isEqualTo("kept");
    }

    @Test
    void aKernelThatNeedsNoLibraryGetsNone() {
        assertThat(new GuestKernel("linux.uml", Optional.empty()).command(List.of("quiet")))
                .endsWith("linux.uml", "quiet")
                .noneMatch(word -> word.startsWith("LD_PRELOAD"));
    }
}
