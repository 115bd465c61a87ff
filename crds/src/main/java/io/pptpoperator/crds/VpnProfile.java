package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** What many users may have, under one name. Printer columns are in the order people see them. */
// @formatter:off
@Group(PptpServer.GROUP)
@Version(PptpServer.VERSION)
@ShortNames("vpnp")
@Categories("vpn")
@JsonClassDescription("What many VpnUsers may have at the PptpServers of its namespace: where they may go, how fast, when, "
        + "in how many sessions. A VpnUser names it in spec.profile, a PptpServer in users.defaultProfile. It gives "
        + "nothing that the server does not.")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(name = "Users", jsonPath = ".status.users",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Download", jsonPath = ".spec.rateLimit.download")
@AdditionalPrinterColumn(name = "Upload", jsonPath = ".spec.rateLimit.upload")
@AdditionalPrinterColumn(name = "Hours", jsonPath = ".spec.hours.windows")
@AdditionalPrinterColumn(name = "Servers", jsonPath = ".status.servers",
        priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type=='Ready')].message",
        priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
// @formatter:on
@JsonDeserialize(using = VpnProfile.Reader.class)
public final class VpnProfile extends TolerantResource<VpnProfileSpec, VpnProfileStatus> {

    @Override
    Long observedGeneration() {
        return getStatus() == null ? null : getStatus().observedGeneration();
    }

    /** The spec, or one that says nothing when the resource has none: everything in it is optional. */
    @Override
    public VpnProfileSpec getSpec() {
        return spec == null ? VpnProfileSpec.EMPTY : spec;
    }

    /** Reads what the API server has, and leaves out what this release cannot read. */
    static final class Reader extends TolerantDeserializer<VpnProfileSpec, VpnProfileStatus, VpnProfile> {

        Reader() {
            super(VpnProfile.class, VpnProfile::new, VpnProfileSpec.class, VpnProfileStatus.class, false);
        }
    }
}
