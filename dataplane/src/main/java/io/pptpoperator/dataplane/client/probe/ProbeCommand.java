package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.Login;
import io.pptpoperator.dataplane.client.LoginOptions;
import io.pptpoperator.dataplane.client.probe.PhaseResult.Status;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code probe}: says how far a client gets with a server, and why not farther. */
@Command(name = "probe", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Walks through all phases of a PPTP connection and says what works, what does not, what that means"
                + " and what to check. Needs CAP_NET_RAW and changes nothing on this machine.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:everything works", "1:the probe itself could not run", "2:wrong usage", "10:name", "11:tcp",
                "12:start-control", "13:call", "14:gre-out", "15:gre-back", "16:lcp", "17:authentication", "18:mppe",
                "19:addresses", "20:traffic", "21:lcp-echo", "22:path-mtu"})
public final class ProbeCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SERVER", description = "name or IPv4 address of the server")
    private String server;

    @Option(names = "--user", paramLabel = "NAME",
            description = "who logs in; without it the probe ends where the login would begin")
    private String user;

    @Mixin
    private LoginOptions login;

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port (default: ${DEFAULT-VALUE})",
            defaultValue = "" + Destination.PORT)
    private int port;

    @Option(names = "--json", description = "print the report as one JSON object")
    private boolean json;

    @Option(names = {"-v", "--verbose"}, description = "print decoded packets; never what proves the password")
    private boolean verbose;

    /** Phases whose line has been printed. */
    private int printed;

    @Override
    public Integer call() {
        Optional<Login> who = Optional.ofNullable(user).map(login::login);
        EncryptionSettings encryption = who.isPresent() ? login.encryption() : EncryptionSettings.NONE;
        ProbeAim aim = new ProbeAim(server, port, who.isPresent(),
                who.map(Login::methods).orElse(AuthMethod.ofPasswords()), encryption.policy());
        try {
            Report report = Probe.run(aim, who, encryption, progress -> show(progress, false),
                    verbose ? Optional.of(this::say) : Optional.empty());
            if (json) {
                say(ReportJson.of(aim, report));
            } else {
                show(report, true);
                ReportText.explanations(report).forEach(this::say);
            }
            return report.exitStatus();
        } catch (LinuxException e) {
            PrintWriter err = command.commandLine().getErr();
            err.println("pptp-dataplane: " + e.getMessage());
            err.flush();
            return FAILED;
        }
    }

    /** Prints the lines of phases that are decided, in order, each once. */
    private synchronized void show(Report report, boolean all) {
        if (json) {
            return;
        }
        Consumer<PhaseResult> print = result -> say(ReportText.line(result));
        List<PhaseResult> results = report.results();
        while (printed < results.size() && (all || results.get(printed).status() != Status.PENDING)) {
            print.accept(results.get(printed++));
        }
    }

    private void say(String line) {
        PrintWriter out = command.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
