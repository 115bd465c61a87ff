package io.pptpoperator.kubectl.user;

import io.pptpoperator.kubectl.CommandFailedException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes a password from a person or a program; never from the arguments, which every process of the machine can see.
 */
final class NewPassword {

    private NewPassword() {}

    /** The first line of standard input. */
    static String fromInput() throws IOException {
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new CommandFailedException("--stdin: there is no password on standard input");
        }
        return UserPassword.checked(line);
    }

    /** Typed twice. */
    static String typed(String username) {
        Console console = System.console();
        if (!isTerminal(console)) {
            throw new CommandFailedException("there is no terminal to ask for the password; give it with --stdin");
        }
        char[] first = console.readPassword("New password of %s: ", username);
        char[] second = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new CommandFailedException("the two passwords differ; nothing was changed");
        }
        return UserPassword.checked(new String(first));
    }

    /** The launcher chooses the console of java.base, which is null where there is no terminal; others are not. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal(Console console) {
        return console != null;
    }
}
