-- +goose Up
-- Corrections and the answers whose numbers they name find each other.
CREATE INDEX claim_original ON claim (original) WHERE original <> '';
CREATE INDEX answer_control ON answer (control) WHERE control <> '';
