/**
 * The {@code import} command: from the files of pptpd and pppd to manifests, with a remark for each setting that has
 * no counterpart.
 *
 * <p>{@code ImportCommand} reads and writes files; everything else is a function over their text.
 */
package io.pptpoperator.operator.pptpdimport;
