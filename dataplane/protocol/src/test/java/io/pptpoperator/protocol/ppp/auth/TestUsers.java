package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides by a map of users, and remembers what it was asked. */
final class TestUsers {
    private record Account(String username, Credentials credentials) {}

    private final Map<String, Account> accounts = new HashMap<>();
    private final PasswordCheck passwords = new PasswordCheck(new SecureRandom());
    private final List<String> lookedUp = new ArrayList<>();
    private final List<String> admitted = new ArrayList<>();
    private Optional<LoginFailure> refusal = Optional.empty();

    TestUsers withPassword(String name, String password) {
        accounts.put(name, new Account(name, new Credentials.Password(password)));
        return this;
    }

    TestUsers withNtHash(String name, String password) {
        accounts.put(name, new Account(name, new Credentials.NtHash(MsChap.ntPasswordHash(password))));
        return this;
    }

    TestUsers refusing(LoginFailure reason) {
        refusal = Optional.of(reason);
        return this;
    }

    /** The names whose users proved their password. */
    List<String> admitted() {
        return admitted;
    }

    List<String> lookedUp() {
        return lookedUp;
    }

    LoginAnswer decide(LoginQuestion question) {
        Optional<Account> account = find(question.name());
        return switch (passwords.check(question.evidence(), account.map(Account::credentials))) {
            case PasswordCheck.Finding.Wrong(LoginFailure reason) -> new LoginAnswer.Rejected(reason);
            case PasswordCheck.Finding.Right(LoginProof proof) -> {
                String username = account.orElseThrow().username();
                if (!question.repeated()) {
                    admitted.add(username);
                }
                yield refusal.<LoginAnswer>map(LoginAnswer.Rejected::new)
                        .orElseGet(() -> new LoginAnswer.Accepted(username, proof, LoginGrant.NONE));
            }
        };
    }

    private Optional<Account> find(String name) {
        lookedUp.add(name);
        return Optional.ofNullable(accounts.get(name))
                .or(() -> Optional.ofNullable(accounts.get(name.substring(name.lastIndexOf('\\') + 1))));
    }
}
