package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options of every client command that say how to log in and how to encrypt; a picocli mixin. */
public final class LoginOptions {

    /** Where a password may wait that stands in no file. */
    private static final String PASSWORD_VARIABLE = "PPTP_PASSWORD";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--password-file", paramLabel = "FILE",
            description = "file whose first line is the password; without it, the environment variable "
                    + PASSWORD_VARIABLE + " is used, and without that you are asked")
    private Path passwordFile;

    @Option(names = "--auth", split = ",", paramLabel = "METHOD", converter = AuthMethodText.class,
            description = "methods allowed, best first: mschapv2, mschapv1, chap-md5, pap (default: mschapv2); "
                    + "pap shows the password to whoever answers")
    private List<AuthMethod> methods = List.of(AuthMethod.MSCHAPV2);

    @Option(names = "--encryption", paramLabel = "POLICY",
            description = "required, preferred or off (default: required)")
    private EncryptionPolicy policy = EncryptionPolicy.REQUIRED;

    @Option(names = "--key-lengths", split = ",", paramLabel = "BITS",
            description = "MPPE key lengths allowed: 128, 56, 40 (default: 128)")
    private List<Integer> keyLengths = List.of(128);

    @Option(names = "--stateful", description = "accept stateful MPPE too, which loses more when a packet is lost")
    private boolean stateful;

    /** Reads {@code chap-md5} and the like. */
    static final class AuthMethodText implements ITypeConverter<AuthMethod> {

        @Override
        public AuthMethod convert(String text) {
            return AuthMethod.ofPasswords()
                    .stream()
                    .filter(method -> method.label().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of "
                            + AuthMethod.ofPasswords()
                                    .stream()
                                    .map(AuthMethod::label)
                                    .collect(Collectors.joining(", "))));
        }
    }

    /** The login of a user, whose password is read or asked for now. */
    public Login login(String username) {
        return login(username, password(username));
    }

    /** The login of a user whose password is known. */
    public Login login(String username, Credentials.Password password) {
        return new Login(username, password, List.copyOf(new LinkedHashSet<>(methods)));
    }

    /** What is asked of encryption. */
    public EncryptionSettings encryption() {
        try {
            boolean keysPossible = methods.stream().anyMatch(AuthMethod::yieldsMppeKeys);
            if (policy == EncryptionPolicy.REQUIRED && !keysPossible) {
                throw new IllegalArgumentException("--encryption required needs a method that yields keys: mschapv2 or"
                        + " mschapv1 among --auth");
            }
            return new EncryptionSettings(policy, Set.copyOf(keyLengths), stateful);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /**
     * The password of {@code --password-file}, of the environment, or typed.
     *
     * @param username for the question
     */
    public Credentials.Password password(String username) {
        if (passwordFile != null) {
            return new Credentials.Password(firstLine(passwordFile));
        }
        String variable = System.getenv(PASSWORD_VARIABLE);
        if (variable != null) {
            return new Credentials.Password(variable);
        }
        if (!isTerminal(0) || !isTerminal(1)) {
            throw new ParameterException(command.commandLine(), "no password for " + username
                    + ": use --password-file, set " + PASSWORD_VARIABLE + ", or run in a terminal to be asked");
        }
        char[] typed = System.console().readPassword("Password of %s: ", username);
        if (typed == null) {
            throw new ParameterException(command.commandLine(), "no password was typed");
        }
        return new Credentials.Password(new String(typed));
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    private String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (UncheckedIOException e) {
            throw unreadable(file, e.getCause());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private ParameterException unreadable(Path file, IOException cause) {
        String reason = cause instanceof CharacterCodingException
                ? "it is not a text in UTF-8; save it as such"
                : cause.getMessage();
        return new ParameterException(command.commandLine(), "--password-file " + file + " cannot be read: " + reason,
                cause);
    }
}
