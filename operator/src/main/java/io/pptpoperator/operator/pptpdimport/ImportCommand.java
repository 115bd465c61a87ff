package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.standalone.PrivateFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: translates another PPTP server's configuration into manifests. */
@Command(name = "import", mixinStandardHelpOptions = true,
        description = "Translates another PPTP server's configuration (pptpd with pppd, accel-ppp, VyOS and EdgeOS, RouterOS) into PptpServer, VpnUser and Secret manifests.")
public final class ImportCommand implements Callable<Integer> {

    /** The exit status when some lines were wrong; the rest is written all the same. */
    private static final int SOME_LINES_ARE_WRONG = 1;
    private static final int NOTHING_WRITTEN = 2;
    private static final Path PPTPD_CONF = Path.of("/etc/pptpd.conf");
    private static final Path SYSTEM_OPTIONS = Path.of("/etc/ppp/options");
    private static final Path CHAP_SECRETS = Path.of("/etc/ppp/chap-secrets");
    private static final Path PEERS = Path.of("/etc/ppp/peers");

    @Parameters(paramLabel = "FILE", arity = "0..1", defaultValue = "/etc/pptpd.conf",
            description = "pptpd.conf, accel-ppp.conf, a configuration of VyOS or EdgeOS, or an /export of RouterOS; known by what is in it (default: ${DEFAULT-VALUE})")
    private Path file;

    @Option(names = "--pptpd-conf", paramLabel = "FILE", hidden = true, description = "the same as FILE")
    void pptpdConf(Path given) {
        file = given;
    }

    @Option(names = "--pppd-options", paramLabel = "FILE",
            description = "pppd's options for pptpd (default: what pptpd.conf says)")
    private Path pppdOptions;

    @Option(names = "--system-options", paramLabel = "FILE",
            description = "the options that pppd reads before (default: /etc/ppp/options of the same machine, where it is there)")
    private Path systemOptions;

    @Option(names = "--chap-secrets", paramLabel = "FILE",
            description = "pppd's passwords (default: /etc/ppp/chap-secrets of the same machine)")
    private Path chapSecrets;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "pptpd",
            description = "the PptpServer's name (default: ${DEFAULT-VALUE})")
    private String name;

    @Option(names = {"-n", "--namespace"}, paramLabel = "NAMESPACE",
            description = "the namespace of all resources (default: none is written)")
    private String namespace;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "where to write, with mode 0600 (default: standard output)")
    private Path output;

    @Override
    public Integer call() {
        try {
            SourceFile source = read(file, "another FILE");
            ImportedManifests imported = ImportedManifests
                    .of(new ImportedManifests.Target(name, Optional.ofNullable(namespace)), translate(source));
            if (output == null) {
                var utf8 = new PrintStream(System.out, true, StandardCharsets.UTF_8);
                utf8.print(imported.yaml());
                utf8.flush();
            } else {
                PrivateFiles.replace(output, imported.yaml());
            }
            imported.problems().forEach(problem -> print(problem.toString()));
            return imported.problems().isEmpty() ? 0 : SOME_LINES_ARE_WRONG;
        } catch (IOException e) {
            print(e.getMessage());
            return NOTHING_WRITTEN;
        }
    }

    private Translation translate(SourceFile source) throws IOException {
        return switch (SourceKind.of(source)
                .orElseThrow(() -> new IOException(file + ": is none of the files that can be "
                        + "imported: pptpd.conf, accel-ppp.conf, a configuration of VyOS or EdgeOS with vpn pptp remote-access, an "
                        + "/export of RouterOS"))) {
            case PPTPD -> PptpdImport.of(new PptpdImport.Sources(source, options(source), this::included,
                    Optional.of(read(secrets(), "--chap-secrets")), hostName()));
            case VYOS -> VyosImport.of(source);
            case ROUTEROS -> RouterOsImport.of(source);
            case ACCEL_PPP -> AccelPppImport.of(source,
                    path -> found(Optional.ofNullable(chapSecrets).orElse(Path.of(path)), chapSecrets != null)
                            .flatMap(this::readable));
        };
    }

    private Optional<SourceFile> readable(Path path) {
        try {
            return Optional.of(read(path, "--chap-secrets"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<SourceFile> options(SourceFile conf) throws IOException {
        var files = new ArrayList<SourceFile>();
        Optional<Path> system = found(systemOptions == null ? SYSTEM_OPTIONS : systemOptions, systemOptions != null);
        if (system.isPresent()) {
            files.add(read(system.get(), "--system-options"));
        }
        Optional<Path> own = Optional.ofNullable(pppdOptions);
        if (own.isEmpty()) {
            Optional<Path> named = PptpdImport.optionFile(conf).map(Path::of);
            own = named.map(path -> found(path, false).orElseGet(() -> elsewhere(path).getLast()));
        }
        if (own.isPresent() && !own.equals(system)) {
            files.add(read(own.get(), "--pppd-options"));
        }
        return files;
    }

    private Path secrets() {
        return chapSecrets == null
                ? found(CHAP_SECRETS, false).orElseGet(() -> elsewhere(CHAP_SECRETS).getLast())
                : chapSecrets;
    }

    private Optional<SourceFile> included(String option, String argument) {
        Path path = option.equals("call") ? PEERS.resolve(argument) : Path.of(argument);
        return found(path, false).flatMap(this::readable);
    }

    /** Where a file is that the configuration, or pppd by itself, knows under {@code path}. */
    private Optional<Path> found(Path path, boolean asGiven) {
        return (asGiven ? Stream.of(path) : elsewhere(path).stream()).filter(Files::isRegularFile).findFirst();
    }

    /**
     * Where a file may be. Of this machine's own pptpd everything stands where it says. Of files that were copied from
     * another machine nothing of this machine's {@code /etc/ppp} must be taken for a part: what was {@code /etc/ppp/x}
     * is looked for below each folder above the copied {@code pptpd.conf}, then in {@code ppp} beside it, then beside
     * it.
     */
    private List<Path> elsewhere(Path path) {
        Path conf = file.toAbsolutePath().normalize();
        if (conf.equals(PPTPD_CONF)) {
            return List.of(path);
        }
        var candidates = new ArrayList<Path>();
        Path inside = path.isAbsolute() ? path.getRoot().relativize(path) : path;
        for (Path folder = conf.getParent(); folder != null
                && folder.getParent() != null; folder = folder.getParent()) {
            candidates.add(folder.resolve(inside));
        }
        candidates.add(conf.resolveSibling("ppp").resolve(path.getFileName()));
        candidates.add(conf.resolveSibling(path.getFileName()));
        return candidates;
    }

    private static SourceFile read(Path file, String option) throws IOException {
        try {
            return new SourceFile(file.toString(), decode(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file; another one can be given with " + option, e);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read: " + e, e);
        }
    }

    /** pppd takes bytes as they come: files of old systems are in Latin-1, of newer ones in UTF-8. */
    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static void print(String line) {
        System.err.println("pptp-operator: " + line);
    }
}
