package io.pptpoperator.kubectl;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.kubectl.completion.Completion;
import io.pptpoperator.kubectl.completion.CompletionCommand;
import io.pptpoperator.kubectl.completion.NamesInCluster;
import io.pptpoperator.kubectl.doctor.DoctorCommand;
import io.pptpoperator.kubectl.logs.LogsCommand;
import io.pptpoperator.kubectl.overview.GetCommand;
import io.pptpoperator.kubectl.profile.ProfileCommand;
import io.pptpoperator.kubectl.session.KickCommand;
import io.pptpoperator.kubectl.session.SessionsCommand;
import io.pptpoperator.kubectl.user.AddUserCommand;
import io.pptpoperator.kubectl.user.PasswordCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line. */
@Command(name = "kubectl pptp", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        subcommands = {GetCommand.class, SessionsCommand.class, KickCommand.class, LogsCommand.class,
                AddUserCommand.class, PasswordCommand.class, ProfileCommand.class, DoctorCommand.class,
                CompletionCommand.class},
        description = "Looks after PPTP VPNs: who is connected, their users and passwords, settings for"
                + " their devices, and why somebody cannot connect.")
public final class Main {

    private Main() {}

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[]{"kubectl-pptp " + (version == null ? "(not packaged)" : version)};
        }
    }

    /** Runs a subcommand; its exit status is the process's. */
    public static void main(String[] arguments) {
        CommandLine line = commandLine();
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        if (arguments.length > 0 && arguments[0].equals(Completion.COMMAND)) {
            List<String> words = List.of(arguments).subList(1, arguments.length);
            line.getOut().print(new Completion(line, label -> NamesInCluster.of(label, words)).text(words));
            line.getOut().flush();
            System.exit(ExitStatus.OK);
        }
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(line.execute(arguments));
    }

    /** The command line, to be given arguments. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, parsed) -> explain(failure, line));
    }

    private static int explain(Exception failure, CommandLine line) throws Exception {
        if (failure instanceof CommandFailedException known) {
            line.getErr().println("error: " + known.getMessage());
            return ExitStatus.NOT_DONE;
        }
        if (failure instanceof KubernetesClientException cluster) {
            line.getErr().println("error: " + ClusterErrors.explain(cluster));
            return ExitStatus.NO_CLUSTER;
        }
        throw failure;
    }
}
