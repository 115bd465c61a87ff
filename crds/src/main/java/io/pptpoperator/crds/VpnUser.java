package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** Somebody who may dial in. Printer columns are in the order people see them. */
// @formatter:off
@Group(PptpServer.GROUP)
@Version(PptpServer.VERSION)
@ShortNames("vpnu")
@Categories("vpn")
@ValidationRule(value = "self.metadata.name.size() <= 249 || has(self.spec) && (has(self.spec.password) || "
                + "has(self.spec.ntHash))",
        message = "metadata.name must have 249 characters at most: the Secret with the generated password is named "
                + "after it, with -vpn behind; a shorter name, password or ntHash would be right")
@JsonClassDescription("A person or device that may dial in to PptpServers. Without a password of its own, a "
        + "strong one is generated into the Secret that status.passwordSecret names.")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state")
@AdditionalPrinterColumn(name = "Server", jsonPath = ".status.session.server")
@AdditionalPrinterColumn(name = "Address", jsonPath = ".status.session.address")
@AdditionalPrinterColumn(name = "From", jsonPath = ".status.session.from")
@AdditionalPrinterColumn(name = "Since", jsonPath = ".status.session.since",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Username", jsonPath = ".status.username",
        priority = 1)
@AdditionalPrinterColumn(name = "Last login", jsonPath = ".status.lastLogin",
        type = AdditionalPrinterColumn.Type.DATE, priority = 1)
@AdditionalPrinterColumn(name = "Last failure", jsonPath = ".status.lastFailure.time",
        type = AdditionalPrinterColumn.Type.DATE, priority = 1)
@AdditionalPrinterColumn(name = "Failure", jsonPath = ".status.lastFailure.reason",
        priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type=='Ready')].message",
        priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
// @formatter:on
@JsonDeserialize(using = VpnUser.Reader.class)
public final class VpnUser extends TolerantResource<VpnUserSpec, VpnUserStatus> {

    @Override
    Long observedGeneration() {
        return getStatus() == null ? null : getStatus().observedGeneration();
    }

    /** The spec, or one that says nothing when the resource has none: everything in it is optional. */
    @Override
    public VpnUserSpec getSpec() {
        return spec == null ? VpnUserSpec.EMPTY : spec;
    }

    /** The name the client logs in with. */
    @JsonIgnore
    public String username() {
        return getSpec().username() == null ? getMetadata().getName() : getSpec().username();
    }

    /** Reads what the API server has, and leaves out what this release cannot read. */
    static final class Reader extends TolerantDeserializer<VpnUserSpec, VpnUserStatus, VpnUser> {

        Reader() {
            super(VpnUser.class, VpnUser::new, VpnUserSpec.class, VpnUserStatus.class, false);
        }
    }
}
