package io.pptpoperator.kubectl.completion;

import io.pptpoperator.kubectl.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: what a shell needs to complete {@code kubectl-pptp}. */
@Command(name = "completion", mixinStandardHelpOptions = true,
        description = "Prints the script with which a shell completes 'kubectl-pptp'. For 'kubectl pptp', kubectl's own"
                + " completion is enough: it asks kubectl_complete-pptp, which has to be on PATH.")
public final class CompletionCommand implements Callable<Integer> {

    /** The shells. */
    enum Shell {
        /** GNU bash. */
        BASH,
        /** zsh. */
        ZSH,
        /** fish. */
        FISH
    }

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish")
    private Shell shell;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        out.print(script(shell));
        out.flush();
        return ExitStatus.OK;
    }

    static String script(Shell shell) throws IOException {
        String file = "kubectl-pptp." + shell.name().toLowerCase(Locale.ROOT);
        try (InputStream script = CompletionCommand.class.getResourceAsStream(file)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
