package io.pptpoperator.dataplane;

import io.pptpoperator.dataplane.client.connect.ConnectCommand;
import io.pptpoperator.dataplane.client.load.LoadCommand;
import io.pptpoperator.dataplane.client.probe.ProbeCommand;
import io.pptpoperator.dataplane.log.Logging;
import io.pptpoperator.dataplane.server.ServeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The data plane's command line. */
@Command(name = "pptp-dataplane", mixinStandardHelpOptions = true,
        subcommands = {ServeCommand.class, ConnectCommand.class, ProbeCommand.class, LoadCommand.class},
        description = "PPTP in userspace: GRE, PPP and MPPE on a TUN device, set up through netlink.")
public final class Main {

    private Main() {}

    /** Runs a subcommand; its exit status is the process's. */
    public static void main(String[] arguments) {
        Logging.takeStandardError();
        int status = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments);
        Logging.flush();
        System.exit(status);
    }
}
