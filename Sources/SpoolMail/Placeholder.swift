// SpoolMail
