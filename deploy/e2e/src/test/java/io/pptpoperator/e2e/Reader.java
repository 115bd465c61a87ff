package io.pptpoperator.e2e;

import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Namespace;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import io.pptpoperator.e2e.DocumentedCommands.Run;
import io.pptpoperator.e2e.DocumentedCommands.Serve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs blocks of commands as a reader of the documentation does, in some folder with the source tree. */
final class Reader {

    /** Guards against waiting for ever: a block may build everything, on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(60);

    /** Serving happens where it meets no other server and does not touch the machine's network. */
    private static final String SERVE = """
            ip link set lo up
            ip link add uplink0 type veth peer name far0
            ip address add 192.0.2.2/24 dev uplink0
            ip link set uplink0 up
            ip link set far0 up
            ip route add default via 192.0.2.1
            setsid bash -euo pipefail -c "$BLOCK" >"$FOLDER/serve.out" 2>&1 &
            group=$!
            until grep -qE "$SIGN" "$FOLDER/serve.out"; do
                kill -0 "$group" 2>/dev/null || { cat "$FOLDER/serve.out"; exit 1; }
                sleep 0.2
            done
            kill -TERM -- "-$group"
            wait "$group" || true
            cat "$FOLDER/serve.out"
            """;

    /** Looks whether the image could be built: whether there is a Dockerfile, and all that it copies. */
    private static final String DOCKER = """
            [ "$1" = build ] || exit 0
            for folder; do :; done
            [ -f "$folder/Dockerfile" ] || { echo "$folder has no Dockerfile"; exit 1; }
            for file in $(sed -n 's/^COPY \\(target.*\\) [^ ]*/\\1/p' "$folder/Dockerfile"); do
                [ -e "$folder/$file" ] || { echo "$folder/$file is not there"; exit 1; }
            done
            echo "would build $folder"
            """;

    private final Path folder;
    private final Path tree;

    private Reader(Path folder, Path tree, String root) throws IOException {
        this.folder = folder;
        this.tree = tree;
        Files.createDirectories(folder.resolve("bin"));
        program("sudo", "exec " + root + " \"$@\"");
        program("docker", DOCKER);
        // Renders what would be installed, and so sees whether the values are right.
        program("helm",
                "[ \"$1\" = install ] && shift && exec " + Helm.program() + " template --kube-version 1.34.0 \"$@\"");
    }

    /**
     * One who works where everything is built.
     *
     * @param folder takes programs and so on
     * @param host where commands with {@code sudo} are run
     */
    static Reader ofTheTree(Path folder, Namespace host) throws IOException {
        return new Reader(folder, Repository.path(""), String.join(" ", host.inside(List.of("env"))));
    }

    /** One who has nothing but what a clone has. */
    static Reader ofACopy(Path folder) throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Command.must("bash", "-euo", "pipefail", "-c",
                "cd '" + Repository.path("") + "' && git -c safe.directory='*' ls-files -z -co --exclude-standard |"
                        + " while IFS= read -r -d '' file; do [ ! -e \"$file\" ] || printf '%s\\0' \"$file\"; done |"
                        + " tar --null --no-recursion -T - -cf - | tar -C '" + tree + "' -xf -");
        return new Reader(folder, tree, "env");
    }

    /** Puts a program on the PATH of the blocks. */
    void program(String name, String script) throws IOException {
        Path file = folder.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Outcome run(CommandBlock block, Run fate, Map<String, String> environment) {
        String text = block.text();
        for (Map.Entry<String, String> word : fate.replaced().entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        List<String> shell = switch (block.shell()) {
            case "zsh" -> List.of("zsh", "-e", "-c", "autoload -Uz compinit; compinit -D -u\n" + text);
            case "fish" -> List.of("fish", "-c", text);
            default -> List.of("bash", "-euo", "pipefail", "-c", text);
        };
        return inTree(environment, shell);
    }

    Outcome serve(CommandBlock block, Serve fate) {
        return inTree(Map.of("BLOCK", block.text(), "SIGN", fate.output()),
                List.of("unshare", "--net", "bash", "-euo", "pipefail", "-c", SERVE));
    }

    private Outcome inTree(Map<String, String> environment, List<String> command) {
        var all = new ArrayList<>(List.of("env", "--chdir", tree.toString(),
                "PATH=" + folder.resolve("bin") + ":" + System.getenv("PATH"), "BIN=" + folder.resolve("bin"),
                "FOLDER=" + folder, "XDG_CACHE_HOME=" + cache()));
        environment.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(command);
        return Command.run(all, LONG);
    }

    /** The programs that were built for the other tests. */
    private static String cache() {
        String set = System.getenv("XDG_CACHE_HOME");
        return set == null || set.isEmpty() ? System.getProperty("user.home") + "/.cache" : set;
    }
}
