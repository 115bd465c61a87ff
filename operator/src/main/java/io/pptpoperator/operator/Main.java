package io.pptpoperator.operator;

import io.pptpoperator.dataplane.log.Logging;
import io.pptpoperator.operator.operate.OperateCommand;
import io.pptpoperator.operator.pptpdimport.ImportCommand;
import io.pptpoperator.operator.standalone.RunCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(name = "pptp-operator", mixinStandardHelpOptions = true,
        subcommands = {OperateCommand.class, RunCommand.class, ImportCommand.class},
        description = "PPTP servers from PptpServer and VpnUser resources.")
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
