package io.pptpoperator.operator.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class OperateCommandTest {

    private static final Pattern VARIABLE = Pattern.compile("\\b(PPTP_OPERATOR|POD)_[A-Z_]+\\b");

    private final CommandLine command = new CommandLine(new OperateCommand()).setCaseInsensitiveEnumValuesAllowed(true);

    @Test
    void everySettingIsDescribedWithItsVariableInTheHelpAndInTheDocumentation() throws IOException {
        String documentation = Files.readString(Path.of("../docs/operator-configuration.md"));
        var settings = command.getCommandSpec()
                .options()
                .stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .toList();

        assertThat(settings).hasSizeGreaterThan(5).allSatisfy(setting -> {
            var variable = VARIABLE.matcher(setting.description()[0]);
            assertThat(variable.find()).as(setting.longestName()).isTrue();
            assertThat(documentation).contains("`" + setting.longestName() + "`", "`" + variable.group() + "`");
        });
        assertThat(command.getUsageMessage())
                .contains(settings.stream().map(OptionSpec::longestName).toArray(String[]::new));
    }

    @Test
    void withoutADataPlaneImageItSaysWhatIsMissing() {
        assertThatThrownBy(() -> command.parseArgs("--namespace", "vpn")).hasMessageContaining("--data-plane-image");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --listen      | 8080       | is not an address with a port, such as 0.0.0.0:8080
            --listen      | 1.2.3.4:x  | is not an address with a port
            --listen      | :70000     | is not an address with a port
            --cluster-dns | kube-dns   | kube-dns
            --log-format  | xml        | Invalid value for option '--log-format'
            """)
    void aWrongValueIsNamed(String option, String value, String message) {
        assertThatThrownBy(() -> command.parseArgs("--data-plane-image", "x", option, value))
                .hasMessageContaining(message);
    }

    @Test
    void listensOnAllAddressesUnlessOneIsGiven() {
        assertThat(ListenAddress.parse(":8080")).isEqualTo(new ListenAddress("0.0.0.0", 8080));
        assertThat(ListenAddress.parse("127.0.0.1:0")).isEqualTo(new ListenAddress("127.0.0.1", 0));
        assertThat(ListenAddress.parse("[::]:8080")).isEqualTo(new ListenAddress("::", 8080));
    }

    @Test
    void watchesAllSomeOrItsOwnNamespace() {
        assertThat(WatchedNamespaces.parse("all", "vpn")).isEmpty();
        assertThat(WatchedNamespaces.parse("own", "vpn")).isEqualTo(Set.of("vpn"));
        assertThat(WatchedNamespaces.parse("a, b-2", "vpn")).isEqualTo(Set.of("a", "b-2"));
    }

    @Test
    void scrapersAreNamespacesOrNone() {
        assertThat(WatchedNamespaces.names("--scrapers", " ")).isEmpty();
        assertThat(WatchedNamespaces.names("--scrapers", "monitoring, b-2")).isEqualTo(Set.of("monitoring", "b-2"));
        assertThatThrownBy(() -> WatchedNamespaces.names("--scrapers", "a,"))
                .hasMessage("--scrapers: '' is not a namespace; a list such as monitoring,metrics would be right");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,", "A", "a b", "*", "-a"})
    void whatIsNoNamespaceIsNamed(String text) {
        assertThatThrownBy(() -> WatchedNamespaces.parse(text, "vpn")).hasMessageStartingWith("--watch: '")
                .hasMessageContaining("all, own, or a list");
    }

    @Test
    void theClustersNameServerIsTheFirstOfIpv4() {
        assertThat(ClusterDns.of("search x\nnameserver fd00::a\nnameserver 10.96.0.10\nnameserver 10.96.0.11\n"))
                .map(Object::toString)
                .contains("10.96.0.10");
        assertThat(ClusterDns.of("nameserver 127.0.0.53\n")).isEmpty();
        assertThat(ClusterDns.of("# nameserver 10.0.0.1\n")).isEmpty();
    }
}
