package io.pptpoperator.operator.pptpdimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The files as Debian's packages pptpd and ppp install them. */
class DebianSamplesTest {

    private static final List<Path> FILES = List.of(Path.of("/etc/pptpd.conf"), Path.of("/etc/ppp/options"),
            Path.of("/etc/ppp/pptpd-options"), Path.of("/etc/ppp/chap-secrets"));

    @Test
    void theInstalledFilesAreTranslatedWithoutAProblem() throws IOException {
        for (Path file : FILES) {
            requireFile(file);
        }
        SourceFile conf = read(FILES.get(0));
        assertThat(PptpdImport.optionFile(conf)).contains(FILES.get(2).toString());

        ImportedManifests imported = PptpdImportTest
                .manifests(PptpdImport.of(new PptpdImport.Sources(conf, List.of(read(FILES.get(1)), read(FILES.get(2))),
                        PppdOption.Inclusion.NONE, Optional.of(read(FILES.get(3))), "host")));

        assertThat(imported.problems()).isEmpty();
        assertThat(imported.yaml()).contains("localIP: 192.168.0.1", "- 192.168.1.1-192.168.1.100", "- MSCHAPv2",
                "policy: Required", "- 128", "interval: 30s", "failures: 4", "/etc/pptpd.conf:", "logwtmp: has no",
                "proxyarp: clients with addresses of a LAN", "crtscts: concerns serial lines");
    }

    private static void requireFile(Path file) {
        if (Files.isReadable(file)) {
            return;
        }
        String reason = file + " is missing; install the Debian packages pptpd and ppp";
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        Assumptions.abort(reason);
    }

    private static SourceFile read(Path file) throws IOException {
        return new SourceFile(file.toString(), Files.readString(file));
    }
}
