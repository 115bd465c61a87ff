package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The program that the guests' kernels are, and how it is started so that it runs on this machine's processor. Before
 * any test a guest is booted for trial, and with it the kernel's modules are.
 *
 * @param program the User Mode Linux
 * @param preload a library that stands between it and the C library
 */
record GuestKernel(String program, Optional<Path> preload) {

    /** What a kernel says whose buffer for the extended registers the host does not take: see wide-registers.c. */
    private static final String NARROW = "ptrace set fp regs failed";
    private static final Path MODULES_IN_PACKAGE = Path.of("/usr/lib/uml/modules");
    private static final Path MODULES = Path.of("/lib/modules");

    private static Trial trial;

    /** What came of the trial: a kernel, or a failure. */
    private record Trial(GuestKernel kernel, LabException failure) {}

    /** A tool without which no guest boots on this machine is not there; the message says which. */
    static final class MissingTool extends LabException {

        private static final long serialVersionUID = 1;

        MissingTool(String sentence) {
            super(sentence);
        }
    }

    /**
     * The kernel that this machine can run, tried once in the life of this process.
     *
     * @throws MissingTool  when there is none for want of a compiler
     * @throws LabException when there is none; the first sentence of its message says why, and what to do
     */
    static synchronized GuestKernel ofThisMachine() {
        if (trial == null) {
            try {
                trial = new Trial(
                        tried(System.getProperty("lab.kernel", "linux.uml"), "cc", Lab.OUTPUT.resolve("guest-kernel")),
                        null);
            } catch (LabException e) {
                trial = new Trial(null, e);
            }
        }
        if (trial.failure() != null) {
            throw trial.failure();
        }
        return trial.kernel();
    }

    /**
     * Finds out how a kernel program runs here.
     *
     * @param program  the User Mode Linux
     * @param compiler for C, used when the program needs the library
     * @param folder   for logs and library, emptied first
     * @throws MissingTool  when the program needs the library and there is no compiler
     * @throws LabException when no guest boots, or one does and has not the modules
     */
    static GuestKernel tried(String program, String compiler, Path folder) {
        Lab.makeEmpty(folder);
        Namespace.removeLeftovers();
        installModules();
        var plain = new GuestKernel(program, Optional.empty());
        try {
            plain.boot(folder);
            return plain;
        } catch (Guest.DiedAtStart e) {
            if (!e.console().contains(NARROW)) {
                throw notBooting(program, e);
            }
        }
        var widened = new GuestKernel(program, Optional.of(wideRegisters(compiler, folder)));
        try {
            widened.boot(folder);
            return widened;
        } catch (Guest.DiedAtStart e) {
            throw notBooting(program, e);
        }
    }

    private void boot(Path folder) {
        try (var network = Namespace.create("trial");
                Guest guest = Guest.boot(this, "trial", network, List.of(), Lab.SCRIPTS.resolve("guest-init"),
                        folder)) {
            Outcome modules = guest.loadModules();
            if (!modules.succeeded()) {
                throw new LabException("The guest kernel " + guest.must("uname -r")
                        + " has not the modules that PPTP needs (" + modules.output().replace("\n", "; ")
                        + "): reinstall Debian's user-mode-linux, which brings them in " + MODULES_IN_PACKAGE + ".");
            }
        }
    }

    private static LabException notBooting(String program, Guest.DiedAtStart e) {
        return new LabException("No guest boots on this machine, because its kernel " + program + " " + e.end()
                + ": read its last lines below, and install another version of Debian's user-mode-linux (6.12 and"
                + " later run on every processor known).\n" + e.console().indent(4), e);
    }

    /** Builds the library for processors whose extended registers are too many for the kernel. */
    static Path wideRegisters(String compiler, Path folder) {
        Path library = folder.resolve("wide-registers.so");
        Outcome built = Command.run(List.of("sh", "-c", "command -v \"$1\" >/dev/null || exit 127; exec \"$@\"", "sh",
                compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library.toString(),
                Lab.SCRIPTS.resolve("wide-registers.c").toString(), "-ldl"));
        if (built.status() == 127) {
            throw new MissingTool("On this processor the lab's guests need a small library that is built with a C "
                    + "compiler, and there is no " + compiler + ". On Debian: apt-get install gcc libc6-dev");
        }
        if (!built.succeeded()) {
            throw new LabException("On this processor the lab's guests need a small library, which " + compiler
                    + " does not build; on Debian install gcc and libc6-dev. It says:\n" + built.output().indent(4));
        }
        return library;
    }

    /**
     * The command line that runs the kernel with arguments. All of its processes end with it, however it ends: when it
     * panics it sends itself SIGABRT until that ends it, which never happens to the first process of a namespace.
     */
    List<String> command(List<String> arguments) {
        return Stream.of(
                List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", "\"$@\"; exit $?",
                        "kernel"),
                preload.map(library -> List.of("env", "LD_PRELOAD=" + library)).orElse(List.of()), List.of(program),
                arguments).flatMap(List::stream).toList();
    }

    /** Puts the kernel's modules where modprobe looks for them; Debian's package leaves that to its user. */
    private static void installModules() {
        if (!Files.isDirectory(MODULES_IN_PACKAGE)) {
            return;
        }
        try (Stream<Path> versions = Files.list(MODULES_IN_PACKAGE)) {
            for (Path version : versions.toList()) {
                Path wanted = MODULES.resolve(version.getFileName());
                if (!Files.exists(wanted)) {
                    Files.createDirectories(MODULES);
                    link(wanted, version);
                }
                if (!Files.exists(wanted.resolve("modules.dep"))) {
                    Command.must("depmod", version.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not install the guest kernel's modules in " + MODULES, e);
        }
    }

    private static void link(Path wanted, Path version) throws IOException {
        try {
            Files.createSymbolicLink(wanted, version);
        } catch (FileAlreadyExistsException e) {
            // Another process, begun at the same time, has made it.
        }
    }
}
