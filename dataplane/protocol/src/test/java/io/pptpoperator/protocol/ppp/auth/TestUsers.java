package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A policy made of a map, which remembers what it was asked. */
final class TestUsers implements LoginPolicy {
    private final Map<String, Account> accounts = new HashMap<>();
    private final List<String> lookedUp = new ArrayList<>();
    private final List<String> admitted = new ArrayList<>();
    private Admission admission = new Admission.Admitted();

    TestUsers withPassword(String name, String password) {
        accounts.put(name, new Account(name, new Credentials.Password(password)));
        return this;
    }

    TestUsers withNtHash(String name, String password) {
        accounts.put(name, new Account(name, new Credentials.NtHash(MsChap.ntPasswordHash(password))));
        return this;
    }

    TestUsers refusing(LoginFailure reason) {
        admission = new Admission.Refused(reason);
        return this;
    }

    /** The names whose users proved their password. */
    List<String> admitted() {
        return admitted;
    }

    List<String> lookedUp() {
        return lookedUp;
    }

    @Override
    public Optional<Account> find(String name) {
        lookedUp.add(name);
        return Optional.ofNullable(accounts.get(name))
                .or(() -> Optional.ofNullable(accounts.get(name.substring(name.lastIndexOf('\\') + 1))));
    }

    @Override
    public Admission admit(Account account, AuthMethod method) {
        admitted.add(account.username());
        return admission;
    }
}
