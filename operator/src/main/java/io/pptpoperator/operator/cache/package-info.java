/**
 * What the API server has, kept up to date by watches: PptpServers, VpnUsers and the objects that they are made of.
 */
package io.pptpoperator.operator.cache;
